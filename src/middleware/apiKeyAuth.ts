/**
 * Authenticates the caller by an API key in `Authorization: Bearer`.
 *
 * The HTTP half checks the shape and checksum of the key, which costs no Convex call, and hashes the key. The secret goes no further.
 * The database half finds the key by its public id and compares hashes in constant time. Unknown, wrong, revoked and expired keys get
 * the same reply, byte by byte.
 *
 * @see RFC 6750 (Bearer); OWASP ASVS 5.0, 6.5.2 and 11.5.1 (a plain keyed hash suits secrets of 112 bits and more)
 */
import { CHALLENGE, INVALID_KEY, INVALID_KEY_MESSAGE } from "../auth/challenge";
import {
  credentialOf,
  findKey,
  isProven,
  whyUnusable,
  type Credential,
  type Restrictions,
} from "../auth/credential";
import { parseKey } from "../auth/keyFormat";
import { PEPPER_HELP, readPeppers } from "../auth/pepper";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import { reject } from "../wire/responses";
import type { Guard } from "./guard";

const bearer = /^Bearer +([!-+\--~]+)$/i;

const invalidKey = (reason: string, keyId?: string): { refusal: Refusal } => ({
  refusal: { kind: "invalid_key", reason, keyId },
});

/**
 * Adds `principal` and the key's `restrictions`, or answers 401 with `WWW-Authenticate`. Without a pepper (TOOLGATE_PEPPERS in the
 * environment) it refuses every well-formed key with a 503 that says so.
 *
 * It accepts exactly one Bearer key in the header: no query string, no cookie, no list. It never looks at `ctx.auth`. Not checked:
 * what the role of the key may do, which is for `rbac`.
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
    const key = bearer.exec(header)?.[1] ?? "";
    const parsed = parseKey(key);
    if (parsed === undefined) return reject(401, INVALID_KEY_MESSAGE, INVALID_KEY);
    const peppers = readPeppers();
    if (peppers.length === 0) {
      return reject(503, `API keys are off on this deployment: ${PEPPER_HELP}`);
    }
    return next({ credential: await credentialOf(key, parsed.keyId, peppers) });
  },
  decide: async (tx, { credential }, next) => {
    const key = await findKey(tx.db, credential.keyId);
    if (key === null) return invalidKey("unknown_key");
    if (!isProven(key, credential)) return invalidKey("wrong_secret", key.keyId);
    const why = whyUnusable(key, Date.now());
    if (why !== undefined) return invalidKey(`key_${why}`, key.keyId);
    const { subject, tenant, role, keyId, tools, constraints, unattended } = key;
    return next({
      principal: { subject, tenant, role, keyId },
      restrictions: { tools, constraints, unattended },
    });
  },
});
