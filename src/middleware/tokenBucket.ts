/**
 * Token buckets in database rows.
 *
 * A bucket is split into shards, each a row with an equal part of the tokens. A call takes from one shard chosen at random,
 * and looks at a second only if the first is empty: reading more rows would make parallel calls conflict more often. Convex
 * retries a conflict four times and then fails the mutation, so one row per key would fail in bursts.
 */
import type { Doc, GateTx } from "../data/database";

/** A bucket of `burst` tokens that refills at `perMinute`. */
export interface Limit {
  readonly perMinute: number;
  readonly burst: number;
  /** How many rows share the tokens: each should hold some five of them, and what the dearest call costs at least. */
  readonly shards: number;
}

/** A bucket to take tokens from. */
export interface Bucket {
  /** The row name, such as `key:4fT…`; never a secret. */
  readonly name: string;
  readonly limit: Limit;
  /** How many tokens a call takes: all of them from one shard. */
  readonly cost: number;
}

/** Tokens in a shard now, and the row they are in, if it has been written before. */
interface Shard {
  readonly index: number;
  readonly tokens: number;
  readonly row: Doc<"toolgateBuckets"> | null;
}

const MINUTE = 60_000;

const readShard = async (tx: GateTx, { name, limit }: Bucket, index: number): Promise<Shard> => {
  const row = await tx.db
    .query("toolgateBuckets")
    .withIndex("by_name_shard", (q) => q.eq("name", name).eq("shard", index))
    .unique();
  const capacity = limit.burst / limit.shards;
  if (row === null) return { index, tokens: capacity, row };
  // Divided once, at the end: a rounding error would keep the call after Retry-After waiting.
  const refill = ((Date.now() - row.at) * limit.perMinute) / (limit.shards * MINUTE);
  return { index, tokens: Math.min(capacity, row.tokens + Math.max(0, refill)), row };
};

/** A shard that holds what a call costs, or undefined. */
const findShard = async (tx: GateTx, bucket: Bucket): Promise<Shard | undefined> => {
  const {
    cost,
    limit: { shards },
  } = bucket;
  const first = await readShard(tx, bucket, Math.floor(Math.random() * shards));
  if (first.tokens >= cost) return first;
  if (shards === 1) return undefined;
  const other = (first.index + 1 + Math.floor(Math.random() * (shards - 1))) % shards;
  const second = await readShard(tx, bucket, other);
  return second.tokens >= cost ? second : undefined;
};

const write = async (
  tx: GateTx,
  { name, cost }: Bucket,
  { index, tokens, row }: Shard,
): Promise<void> => {
  const next = { tokens: tokens - cost, at: Date.now() };
  if (row === null) await tx.db.insert("toolgateBuckets", { name, shard: index, ...next });
  else await tx.db.patch("toolgateBuckets", row._id, next);
};

/** Seconds after which every shard of an idle bucket holds what a call costs. */
export const retryAfter = ({ cost, limit: { perMinute, shards } }: Bucket): number =>
  Math.ceil((60 * cost * shards) / perMinute);

/**
 * Takes from each bucket what the call costs, or nothing at all.
 *
 * @returns the first bucket that had too little, or undefined if all had enough.
 */
export const take = async (tx: GateTx, buckets: readonly Bucket[]): Promise<Bucket | undefined> => {
  const found: [Bucket, Shard][] = [];
  for (const bucket of buckets) {
    const shard = await findShard(tx, bucket);
    if (shard === undefined) return bucket;
    found.push([bucket, shard]);
  }
  for (const [bucket, shard] of found) await write(tx, bucket, shard);
  return undefined;
};

/** Writes the missing rows of a bucket ahead of its first call, so that a cold burst does not race to create them. */
export const fill = async (tx: GateTx, bucket: Bucket): Promise<void> => {
  for (let index = 0; index < bucket.limit.shards; index++) {
    const { row } = await readShard(tx, bucket, index);
    if (row !== null) continue;
    // Refilled since 1970, that is full, whatever the limits are scaled by.
    await tx.db.insert("toolgateBuckets", { name: bucket.name, shard: index, tokens: 0, at: 0 });
  }
};
