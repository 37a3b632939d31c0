/** The limits as shipped, and the buckets that count them. */
import type { GateTx } from "../data/database";
import type { Principal } from "../data/principal";
import type { Refusal } from "../data/refusal";
import { fill, type Bucket, type Limit } from "./tokenBucket";

/** docs/limits-and-costs.md says what they mean for one agent and for a tenant. */
const limits = {
  key: { perMinute: 120, burst: 48, shards: 6 },
  tenant: { perMinute: 600, burst: 200, shards: 16 },
  failure: { perMinute: 300, burst: 80, shards: 8 },
  keyFailure: { perMinute: 30, burst: 10, shards: 1 },
  refusal: { perMinute: 30, burst: 10, shards: 1 },
} as const satisfies Record<string, Limit>;

/** The policies a caller is told of: a tenant's name is not among them. */
export const policies = ["key", "tenant"] as const;
export type Policy = (typeof policies)[number];

/** The tokens that a write takes of its key's bucket. Anything else is one token, of any bucket. */
export const WRITE_COST = 4;

/** A shard that could never hold the tokens of a write would let none in: small buckets have fewer of them. */
const scaled = ({ perMinute, burst, shards }: Limit, scale: number): Limit => ({
  perMinute: perMinute * scale,
  burst: Math.max(WRITE_COST, burst * scale),
  shards: Math.max(1, Math.min(shards, Math.floor((burst * scale) / WRITE_COST))),
});

/** A limit that callers are told of. */
export const limitOf = (policy: Policy, scale: number): Limit => scaled(limits[policy], scale);

/** Whom limits are counted for. */
type Limited = Pick<Principal, "keyId" | "tenant">;

/** The buckets of a proven key, by policy. `cost` is what a call takes of the key's own. */
export const bucketsOf = (
  { keyId, tenant }: Limited,
  scale = 1,
  cost = 1,
): Readonly<Record<Policy, Bucket>> => ({
  key: { name: `key:${keyId}`, limit: limitOf("key", scale), cost },
  tenant: { name: `tenant:${tenant}`, limit: limitOf("tenant", scale), cost: 1 },
});

/** Writes the buckets of a new key, and its tenant's if they are missing. */
export const fillBuckets = async (tx: GateTx, key: Limited): Promise<void> => {
  for (const bucket of Object.values(bucketsOf(key))) await fill(tx, bucket);
};

/** Limits how many audit rows failed authentication may write: in all, and for a key that exists. */
export const failureBucket = (refusal: Refusal): Bucket =>
  refusal.kind === "invalid_key" && refusal.keyId !== undefined
    ? { name: `failure:${refusal.keyId}`, limit: limits.keyFailure, cost: 1 }
    : { name: "failure", limit: limits.failure, cost: 1 };

/** Limits how many audit rows a key's refused calls may write. */
export const refusalBucket = ({ keyId }: Limited): Bucket => ({
  name: `refusal:${keyId}`,
  limit: limits.refusal,
  cost: 1,
});
