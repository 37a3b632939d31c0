/** The parent of a connection: the key that a person proves, and that every renewal looks at again. */
import { v } from "convex/values";
import { findKey, isProven, whyUnusable, type KeyCredential } from "../auth/credential";
import type { Doc, GateTx } from "../data/database";
import type { Access, Client } from "../data/values";
import { charge } from "../middleware/rateLimit";
import type { Toolgate } from "../registry/toolgate";
import { tooFast, type Refused } from "./refused";
import { recordDenied } from "./step";

export type Key = Doc<"toolgateKeys">;

/** The part of the app that decides whether a key may be a parent. */
export type Tenancy = Pick<Toolgate, "tenants">;

/** The proof of a key. An id alone proves nothing, whoever has signed it: a leaked pepper must not be enough. */
export type KeyProof = { readonly credential: KeyCredential };

export const hashesValidator = () => v.array(v.object({ pepperId: v.string(), hash: v.string() }));

export const credentialValidator = () => v.object({ keyId: v.string(), hashes: hashesValidator() });

export const proofValidator = () => v.object({ credential: credentialValidator() });

const hasRole = async (tx: GateTx, { role }: Key): Promise<boolean> =>
  (await tx.db
    .query("toolgateRoles")
    .withIndex("by_name", (q) => q.eq("name", role))
    .unique()) !== null;

/** Why a key cannot carry a connection now; undefined if it can. */
export const whyUnfit = async (
  tx: GateTx,
  { tenants }: Tenancy,
  key: Key,
): Promise<string | undefined> => {
  const why = whyUnusable(key, Date.now());
  if (why !== undefined) return `key_${why}`;
  if (!(await hasRole(tx, key))) return "no_role";
  const isThere = !tenants || (await tx.runQuery(tenants.exists(), { slug: key.tenant }));
  return isThere ? undefined : "no_tenant";
};

/** What a connection may do: no more than its key. */
export const accessUnder = ({ readOnly }: Key, access: Access): Access =>
  readOnly === true ? "read" : access;

/** When a key ends in any case, in milliseconds since 1970. */
export const endOf = ({ expiresAt, graceUntil = expiresAt }: Key): number =>
  Math.min(expiresAt, graceUntil);

const whyNot = async (
  tx: GateTx,
  app: Tenancy,
  { credential }: KeyProof,
  key: Key | null,
): Promise<string | undefined> => {
  if (key === null) return "unknown_key";
  if (!isProven(key, credential.hashes)) return "wrong_secret";
  return whyUnfit(tx, app, key);
};

/** Takes the tokens of one request from the key's buckets. Undefined if they had enough. */
export const pay = async (tx: GateTx, key: Key): Promise<Refused | undefined> => {
  const short = await charge(tx, key);
  return short && tooFast(short.retryAfter, short.message);
};

/** Finds the key that a person proves, and charges it. A failure has an audit row, and no answer tells which it was. */
export const proveParent = async (
  tx: GateTx,
  app: Tenancy,
  proof: KeyProof,
  client?: Client,
): Promise<{ key: Key } | Refused> => {
  const key = await findKey(tx.db, proof.credential.keyId);
  const reason = await whyNot(tx, app, proof, key);
  if (reason !== undefined || key === null) {
    const step = { method: "oauth/approve", client, reason: reason ?? "unknown_key" } as const;
    await recordDenied(tx, { ...step, key });
    return { refusal: { kind: "invalid_key" } };
  }
  return (await pay(tx, key)) ?? { key };
};
