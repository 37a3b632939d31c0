/**
 * Dynamic registration without a row (RFC 7591 appendix A.5.2): the client id is the registration itself, signed. So a flood of
 * registrations costs nothing, and no deploy and no cleanup makes the id of a client unknown.
 */
import type { Pepper } from "../../auth/pepper";
import { seal, unseal } from "../../auth/seal";
import { siteOrigin } from "../../auth/site";
import { fromBase64Url, toBase64Url } from "../../base/base64url";
import type { ClientDocument } from "../../grants/documents";
import { nameOf } from "./document";

const PREFIX = "cvxmcp_cl_";

const PATTERN = /^cvxmcp_cl_[\w-]{1,20000}\.[\w-]{43}$/;

const purpose = (): string => `client ${siteOrigin() ?? ""}`;

/**
 * Signs a registration.
 *
 * @param client - `name` as the client gave it; `redirectUris` out of `usableRedirects`.
 * @returns the client id: some 270 characters for three URIs.
 * @throws Error if there is no pepper.
 */
export const sealRegistration = (
  peppers: readonly Pepper[],
  { name, redirectUris }: { readonly name?: unknown; readonly redirectUris: readonly string[] },
): Promise<string> => {
  const issuedAt = Math.floor(Date.now() / 1000);
  const whole = JSON.stringify([nameOf(name, "a client without a name"), redirectUris, issuedAt]);
  return seal(peppers, purpose(), PREFIX + toBase64Url(whole));
};

/** Reads a registered id; undefined if this deployment did not issue it. It never expires. */
export const openRegistration = async (
  peppers: readonly Pepper[],
  clientId: string,
): Promise<(ClientDocument & { readonly issuedAt: number }) | undefined> => {
  if (!PATTERN.test(clientId)) return undefined;
  const text = await unseal(peppers, purpose(), clientId);
  if (text === undefined) return undefined;
  const whole = fromBase64Url(text.slice(PREFIX.length));
  const [name, redirectUris, issuedAt] = JSON.parse(whole) as [string, string[], number];
  return { name, redirectUris, issuedAt };
};
