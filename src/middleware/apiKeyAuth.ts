/**
 * Authenticates the caller by an API key, or by the access token of a connection (OAuth), in `Authorization: Bearer`.
 *
 * The HTTP half checks the checksum of a key or the signature of a token, which costs no Convex call, and hashes the secret, which goes
 * no further. The database half finds the row by its public id and compares hashes in constant time. Whatever is unknown, wrong,
 * revoked or expired gets the same reply, byte by byte.
 *
 * @see RFC 6750 (Bearer); OWASP ASVS 5.0, 6.5.2 and 11.5.1 (a plain keyed hash suits secrets of 112 bits and more)
 */
import { CHALLENGE, INVALID_KEY, INVALID_KEY_MESSAGE } from "../auth/challenge";
import {
  findKey,
  hashesOf,
  isProven,
  whyUnusable,
  type Credential,
  type GrantCredential,
  type Restrictions,
} from "../auth/credential";
import { findGrant, restrictionsOf, whyGrantUnusable, type Standing } from "../auth/grant";
import { parseKey } from "../auth/keyFormat";
import { PEPPER_HELP, readPeppers, type Pepper } from "../auth/pepper";
import { isTokenLike, openAccessToken } from "../auth/token";
import type { Doc, GateReader } from "../data/database";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import { reject } from "../wire/responses";
import type { Guard } from "./guard";

/** The credential of a header; empty if it has none, or more than one. */
const bearerIn = (header: string): string => /^Bearer +([!-+\--~]+)$/i.exec(header)?.[1] ?? "";

const invalidKey = (reason: string, keyId?: string): { refusal: Refusal } => ({
  refusal: { kind: "invalid_key", reason, keyId },
});

/** What a token claims; undefined if it cannot be true. */
const tokenClaim = async (
  text: string,
  peppers: readonly Pepper[],
): Promise<Credential | undefined> => {
  const token = await openAccessToken(peppers, text);
  return token && { grantId: token.grantId, hashes: await hashesOf(token.secret, peppers) };
};

/** A standing that the credential proves, or the refusal. */
type Proof =
  | { readonly standing: Standing & { readonly key: Doc<"toolgateKeys"> } }
  | { readonly refusal: Refusal };

const proveKey = async (db: GateReader, keyId: string, claim: Credential): Promise<Proof> => {
  const key = await findKey(db, keyId);
  if (key === null) return invalidKey("unknown_key");
  return isProven(key, claim.hashes)
    ? { standing: { key } }
    : invalidKey("wrong_secret", key.keyId);
};

const proveGrant = async (db: GateReader, { grantId, hashes }: GrantCredential): Promise<Proof> => {
  const grant = await findGrant(db, grantId);
  const key = grant && (await findKey(db, grant.keyId));
  if (grant === null || key === null) return invalidKey("unknown_connection");
  if (!isProven(grant, hashes)) return invalidKey("wrong_secret", key.keyId);
  const why = whyGrantUnusable(grant, Date.now());
  return why === undefined
    ? { standing: { key, grant } }
    : invalidKey(`connection_${why}`, key.keyId);
};

/**
 * Adds `principal` and the `restrictions` of the key or connection, or answers 401 with `WWW-Authenticate`. Without a pepper
 * (TOOLGATE_PEPPERS in the environment) it refuses every well-formed key with a 503 that says so.
 *
 * It accepts exactly one Bearer key or token in the header: no query string, no cookie, no list. It never looks at `ctx.auth`. Not
 * checked: what the role of the key may do, which is for `rbac`.
 */
export const apiKeyAuth = (): Guard<
  { credential: Credential },
  { credential: Credential },
  { principal: Identity; restrictions: Restrictions }
> => ({
  evidence: async (_ctx, request, next) => {
    const header = request.headers.get("authorization");
    if (header === null)
      return reject(401, "Send an API key as Authorization: Bearer <key>", CHALLENGE);
    const text = bearerIn(header);
    const keyId = parseKey(text)?.keyId;
    if (keyId === undefined && !isTokenLike(text))
      return reject(401, INVALID_KEY_MESSAGE, INVALID_KEY);
    const peppers = readPeppers();
    if (peppers.length === 0) {
      return reject(503, `API keys are off on this deployment: ${PEPPER_HELP}`);
    }
    const credential =
      keyId === undefined
        ? await tokenClaim(text, peppers)
        : { keyId, hashes: await hashesOf(text, peppers) };
    return credential === undefined
      ? reject(401, INVALID_KEY_MESSAGE, INVALID_KEY)
      : next({ credential });
  },
  decide: async (tx, { credential }, next) => {
    const proof = await ("grantId" in credential
      ? proveGrant(tx.db, credential)
      : proveKey(tx.db, credential.keyId, credential));
    if ("refusal" in proof) return proof;
    const { key, grant } = proof.standing;
    const why = whyUnusable(key, Date.now());
    if (why !== undefined) return invalidKey(`key_${why}`, key.keyId);
    const { subject, tenant, role, keyId } = key;
    const identity = { subject, tenant, role, keyId };
    return next({
      principal: grant ? { ...identity, grantId: grant.grantId } : identity,
      restrictions: restrictionsOf(proof.standing),
    });
  },
});
