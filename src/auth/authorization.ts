/**
 * A client's authorization request (RFC 6749 section 4.1.1) while a person decides on it. It is checked, signed and carried by the
 * browser, so a request that nobody approves leaves no row. The person can read it but cannot change it.
 *
 * Its id becomes the id of the grant. The code is derived from the request under the pepper, so whoever submits the page twice gets the
 * same code, and no function needs random bytes that Convex gives to actions only.
 */
import { fromBase64Url, toBase64Url } from "../base/base64url";
import { digest } from "../base/digest";
import type { Access, Client } from "../data/values";
import { hashKey, type Pepper } from "./pepper";
import { randomText } from "./random";
import { seal, unseal } from "./seal";
import { resourceOf, siteOrigin } from "./site";
import { GRANT_ID_LENGTH, sealToken, SECRET_LENGTH } from "./token";

/** How long a person may take to decide, in milliseconds. */
export const REQUEST_MS = 10 * 60 * 1000;

/** What a client asks for. Client and redirect URI have been checked against each other. */
export interface Asked {
  readonly client: Client;
  readonly redirectUri: string;
  /** The client's own value, which goes back to it unread. */
  readonly state?: string | undefined;
  /** The S256 code challenge (RFC 7636). */
  readonly challenge: string;
  /** The page starts with it; the person decides. */
  readonly access: Access;
}

export interface Authorization extends Asked {
  readonly id: string;
  /** Random. The code hangs on it. */
  readonly nonce: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

const purpose = (): string => `authorization ${resourceOf(siteOrigin())}`;

/** Signs a request, for `REQUEST_MS` from now. Runs in actions only. @throws Error if there is no pepper. */
export const sealAuthorization = async (
  peppers: readonly Pepper[],
  asked: Asked,
): Promise<string> => {
  const random = await randomText(GRANT_ID_LENGTH + SECRET_LENGTH);
  const id = random.slice(0, GRANT_ID_LENGTH);
  const nonce = random.slice(GRANT_ID_LENGTH);
  const whole: Authorization = { ...asked, id, nonce, expiresAt: Date.now() + REQUEST_MS };
  return seal(peppers, purpose(), toBase64Url(JSON.stringify(whole)));
};

/** Reads a signed request; undefined if this deployment did not sign it, or its time is over. */
export const openAuthorization = async (
  peppers: readonly Pepper[],
  sealed: string,
): Promise<Authorization | undefined> => {
  const text = await unseal(peppers, purpose(), sealed);
  if (text === undefined) return undefined;
  const whole = JSON.parse(fromBase64Url(text)) as Authorization;
  return whole.expiresAt > Date.now() ? whole : undefined;
};

/** The code of a request that was approved, and the hash of its secret, for the row of the grant. */
export const codeOf = async (
  peppers: readonly Pepper[],
  { id, nonce }: Authorization,
): Promise<{ code: string; pepperId: string; codeHash: string }> => {
  const [pepper] = peppers;
  if (pepper === undefined) throw new Error("There is no pepper to make a code with");
  const secret = await digest(await hashKey(pepper, `code of ${id} ${nonce}`));
  const code = await sealToken(peppers, "ac", [id, secret]);
  return { code, pepperId: pepper.id, codeHash: await hashKey(pepper, secret) };
};

/**
 * The URL that takes the browser back to the client, with `iss` (RFC 9207) and with `state` if the client sent one.
 *
 * @param result - `{ code }`, or `{ error, error_description? }`.
 */
export const redirectTo = (
  { redirectUri, state }: Pick<Asked, "redirectUri" | "state">,
  result: Readonly<Record<string, string>>,
): string => {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(result)) url.searchParams.append(name, value);
  if (state !== undefined) url.searchParams.append("state", state);
  url.searchParams.append("iss", siteOrigin() ?? "");
  return url.href;
};
