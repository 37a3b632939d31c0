/** `POST /oauth/token`: codes and refresh tokens become access tokens (RFC 6749 section 5, RFC 8628 section 3.4). */
import { Base64 } from "convex/values";
import { hashesOf } from "../auth/credential";
import { hashKey } from "../auth/pepper";
import { randomText } from "../auth/random";
import { defined } from "../base/defined";
import {
  ACCESS_SECONDS,
  mintAccessToken,
  openToken,
  sealToken,
  SECRET_LENGTH,
} from "../auth/token";
import type { Renewed } from "../grants/renewal";
import type { TokenAsk } from "../grants/token";
import { json } from "../wire/responses";
import { checkResource, scopeOf } from "./asked";
import { clientIn } from "./clientId";
import { ask, problemOfRefusal } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { DEVICE_GRANT } from "./metadata";
import { readForm, type Parameters } from "./parameters";
import { Problem } from "./problem";

/** What a request asks for, and the family secret of the tokens that it gets. */
interface Wanted {
  readonly ask: TokenAsk;
  readonly secret: string;
}

const invalidGrant = (): Problem =>
  new Problem("invalid_grant", "The code or token is not valid, or no longer. Connect again.");

/** The S256 challenge of a verifier (RFC 7636 section 4.6). One of another form proves nothing. */
const challengeOf = async (verifier: string): Promise<string> => {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) throw invalidGrant();
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return Base64.fromByteArrayUrlSafeNoPadding(new Uint8Array(hash));
};

const newFamily = async ({ peppers: [pepper] }: Incoming) => {
  const secret = await randomText(SECRET_LENGTH);
  if (pepper === undefined) throw new Error("There is no pepper");
  return { secret, family: { pepperId: pepper.id, hash: await hashKey(pepper, secret) } };
};

const byCode = async (incoming: Incoming, form: Parameters, clientId: string): Promise<Wanted> => {
  const { peppers } = incoming;
  const code = form.need("code");
  const redirectUri = form.get("redirect_uri");
  const challenge = await challengeOf(form.need("code_verifier"));
  const [grantId, proof] = (await openToken(peppers, "ac", code)) ?? [];
  if (grantId === undefined || proof === undefined) throw invalidGrant();
  const { secret, family } = await newFamily(incoming);
  const hashes = await hashesOf(proof, peppers);
  return {
    secret,
    ask: {
      ...{ type: "code", grantId, hashes, clientId, challenge, family },
      ...defined({ redirectUri }),
    },
  };
};

const byRefresh = async (
  { peppers }: Incoming,
  form: Parameters,
  clientId: string,
): Promise<Wanted> => {
  const [grantId, secret, generation] =
    (await openToken(peppers, "rt", form.need("refresh_token"))) ?? [];
  if (grantId === undefined || secret === undefined) throw invalidGrant();
  const hashes = await hashesOf(secret, peppers);
  return {
    secret,
    ask: { type: "refresh", grantId, hashes, generation: Number(generation), clientId },
  };
};

const byDevice = async (
  incoming: Incoming,
  form: Parameters,
  clientId: string,
): Promise<Wanted> => {
  const [deviceId] = (await openToken(incoming.peppers, "dc", form.need("device_code"))) ?? [];
  if (deviceId === undefined) throw invalidGrant();
  const { secret, family } = await newFamily(incoming);
  return { secret, ask: { type: "device", deviceId, clientId, family } };
};

const wantedIn = (incoming: Incoming, form: Parameters, clientId: string): Promise<Wanted> => {
  const grantType = form.need("grant_type");
  if (grantType === "authorization_code") return byCode(incoming, form, clientId);
  if (grantType === "refresh_token") return byRefresh(incoming, form, clientId);
  if (grantType === DEVICE_GRANT && incoming.options.device)
    return byDevice(incoming, form, clientId);
  throw new Problem(
    "unsupported_grant_type",
    "grant_type must be one that the metadata of this server lists",
  );
};

/** The reply. A device gets no refresh token: the code that connected it may have been read by others. */
const tokens = async (
  { peppers }: Incoming,
  { ask: { type }, secret }: Wanted,
  { grantId, access, generation, expiresAt }: Renewed,
): Promise<Response> => {
  const isLasting = type !== "device";
  const left = Math.floor((expiresAt - Date.now()) / 1000);
  const body = {
    access_token: await mintAccessToken(peppers, { grantId, secret }),
    token_type: "Bearer",
    expires_in: Math.max(1, Math.min(ACCESS_SECONDS, left)),
    ...(isLasting && {
      refresh_token: await sealToken(peppers, "rt", [grantId, secret, generation]),
    }),
    scope: isLasting ? `${scopeOf(access)} offline_access` : scopeOf(access),
  };
  return json(JSON.stringify(body));
};

/** Hands out tokens. A code or token that was forged costs no call in Convex, any other one mutation. */
export const token = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  const form = await readForm(incoming.request);
  const clientId = await clientIn(incoming, form);
  checkResource(incoming, form.get("resource"));
  const wanted = await wantedIn(incoming, form, clientId);
  const isRepeatable = wanted.ask.type === "refresh";
  const result = await ask(incoming, "token", { ask: wanted.ask }, isRepeatable);
  if ("refusal" in result) throw problemOfRefusal(result.refusal);
  return tokens(incoming, wanted, result);
};
