/**
 * Token buckets in database rows.
 *
 * A bucket is split into shards. Each shard is a row with an equal part of the tokens. A call takes tokens from one shard, chosen at
 * random, and reads a second shard only if the first has too few. Reading more rows would make parallel calls conflict more often.
 * Convex retries a conflict four times and then fails the mutation, so with one row per key a burst of calls would fail.
 */
import type { Doc, GateTx } from "../data/database";

/** The size of a bucket: `burst` tokens, refilled at `perMinute`. */
export interface Limit {
  readonly perMinute: number;
  readonly burst: number;
  /** The number of rows that share the tokens. Each should hold about five tokens, and at least the cost of the dearest call. */
  readonly shards: number;
}

/** A bucket that a call takes tokens from. */
export interface Bucket {
  /** The name in the rows, such as `key:4fT…`. It is never a secret. */
  readonly name: string;
  readonly limit: Limit;
  /** The tokens that a call takes, all from one shard. */
  readonly cost: number;
}

/** The tokens in a shard now, and its row; null if the row is not written yet. */
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
  // Divided once, at the end: a rounding error could refuse the call that a client makes right after Retry-After.
  const refill = ((Date.now() - row.at) * limit.perMinute) / (limit.shards * MINUTE);
  return { index, tokens: Math.min(capacity, row.tokens + Math.max(0, refill)), row };
};

/** A shard with enough tokens for the call; undefined if neither of the two that it reads has enough. */
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

/** The seconds after which every shard of an idle bucket has enough tokens for the call, whatever the shards hold now. */
export const retryAfter = ({ cost, limit: { perMinute, shards } }: Bucket): number =>
  Math.ceil((60 * cost * shards) / perMinute);

/**
 * Takes the cost of the call from each bucket, or from none of them.
 *
 * @returns the first bucket with too few tokens; undefined if all had enough.
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

/** Writes the missing rows of a bucket, each full. Without them, the calls of a first burst would conflict as they create the rows. */
export const fill = async (tx: GateTx, bucket: Bucket): Promise<void> => {
  for (let index = 0; index < bucket.limit.shards; index++) {
    const { row } = await readShard(tx, bucket, index);
    if (row !== null) continue;
    // A bucket that refills since 1970 is full, whatever scale the limits have.
    await tx.db.insert("toolgateBuckets", { name: bucket.name, shard: index, tokens: 0, at: 0 });
  }
};
