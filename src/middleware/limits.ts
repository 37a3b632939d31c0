/** The default limits, and the buckets that count against them. */
import type { GateTx } from "../data/database";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import { fill, type Bucket, type Limit } from "./tokenBucket";

/**
 * docs/limits-and-costs.md explains these numbers for one agent and for a tenant. A key's burst carries 30 connections of a client, of
 * 3 tokens each, whatever shards the calls happen to look at: of a million simulated runs of them none met an empty shard. Its shards
 * keep 48 calls at once under 0.5 % failures by write conflicts.
 */
const limits = {
  key: { perMinute: 120, burst: 192, shards: 12 },
  tenant: { perMinute: 600, burst: 600, shards: 24 },
  failure: { perMinute: 300, burst: 80, shards: 8 },
  keyFailure: { perMinute: 30, burst: 10, shards: 1 },
  refusal: { perMinute: 30, burst: 10, shards: 1 },
} as const satisfies Record<string, Limit>;

/** The policies that callers are told of. Only these two words are told, so the name of a tenant is not. */
export const policies = ["key", "tenant"] as const;
export type Policy = (typeof policies)[number];

/** The tokens that a call takes from its key's bucket. */
export const cost = {
  read: 1,
  write: 4,
  /** Of what opens or closes a connection, and of a notification: see `minor` in data/call.ts. */
  minor: 0.25,
} as const;

/** The tokens that a shard should hold at least, so that a call does not often meet two that are short while others are full. */
const SHARD_SIZE = 4 * cost.write;

/** Scales a limit. A small bucket has fewer shards, and its burst is enough for a write, or no write could ever pass. */
const scaled = ({ perMinute, burst, shards }: Limit, scale: number): Limit => ({
  perMinute: perMinute * scale,
  burst: Math.max(cost.write, burst * scale),
  shards: Math.max(1, Math.min(shards, Math.floor((burst * scale) / SHARD_SIZE))),
});

/** A limit that callers are told of, multiplied by `scale`. */
export const limitOf = (policy: Policy, scale: number): Limit => scaled(limits[policy], scale);

/** The part of a caller that limits are counted for. */
type Limited = Pick<Identity, "keyId" | "tenant">;

/**
 * The buckets of a key whose secret is proven, by policy.
 *
 * @param scale - multiplies the rate and burst of each limit; 1 unless stated.
 * @param tokens - that the call takes from the key's bucket; those of a read unless stated. From the tenant's it takes no more than a
 * read.
 */
export const bucketsOf = (
  { keyId, tenant }: Limited,
  scale = 1,
  tokens: number = cost.read,
): Readonly<Record<Policy, Bucket>> => ({
  key: { name: `key:${keyId}`, limit: limitOf("key", scale), cost: tokens },
  tenant: {
    name: `tenant:${tenant}`,
    limit: limitOf("tenant", scale),
    cost: Math.min(cost.read, tokens),
  },
});

/** Writes the rows of a new key's buckets, and those of its tenant's bucket if they are missing. */
export const fillBuckets = async (tx: GateTx, key: Limited): Promise<void> => {
  for (const bucket of Object.values(bucketsOf(key))) await fill(tx, bucket);
};

/**
 * The bucket that limits the audit rows of failed authentication: one for each key that exists, and one for all other failures
 * together.
 */
export const failureBucket = (refusal: Refusal): Bucket =>
  refusal.kind === "invalid_key" && refusal.keyId !== undefined
    ? { name: `failure:${refusal.keyId}`, limit: limits.keyFailure, cost: 1 }
    : { name: "failure", limit: limits.failure, cost: 1 };

/** The bucket that limits the audit rows of a key's calls over a rate limit. */
export const refusalBucket = ({ keyId }: Limited): Bucket => ({
  name: `refusal:${keyId}`,
  limit: limits.refusal,
  cost: 1,
});
