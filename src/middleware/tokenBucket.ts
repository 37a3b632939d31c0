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
  /**
   * The number of rows that share the tokens. More of them make parallel calls conflict less, but leave more of a burst in shards that
   * a call does not look at. Each should hold the cost of the dearest call some four times.
   */
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

/** Tokens that a call has taken from one shard. `left` is what the shard holds since. */
export interface Taken {
  readonly rowId: Doc<"toolgateBuckets">["_id"];
  readonly left: number;
  readonly cost: number;
}

const write = async (
  tx: GateTx,
  { name, cost }: Bucket,
  { index, tokens, row }: Shard,
): Promise<Taken> => {
  const left = tokens - cost;
  const next = { tokens: left, at: Date.now() };
  if (row !== null) {
    await tx.db.patch("toolgateBuckets", row._id, next);
    return { rowId: row._id, left, cost };
  }
  const rowId = await tx.db.insert("toolgateBuckets", { name, shard: index, ...next });
  return { rowId, left, cost };
};

/** The seconds after which every shard of an idle bucket has enough tokens for the call, whatever the shards hold now. */
export const retryAfter = ({ cost, limit: { perMinute, shards } }: Bucket): number =>
  Math.ceil((60 * cost * shards) / perMinute);

/** What was taken from each bucket, in their order; or nothing, and the first bucket with too few tokens. */
export type Payment =
  { readonly taken: readonly Taken[]; readonly short?: undefined } | { readonly short: Bucket };

/** Takes the cost of the call from each bucket, or from none of them. */
export const take = async (tx: GateTx, buckets: readonly Bucket[]): Promise<Payment> => {
  const found: [Bucket, Shard][] = [];
  for (const bucket of buckets) {
    const shard = await findShard(tx, bucket);
    if (shard === undefined) return { short: bucket };
    found.push([bucket, shard]);
  }
  const taken: Taken[] = [];
  for (const [bucket, shard] of found) taken.push(await write(tx, bucket, shard));
  return { taken };
};

/** Gives back what a call has paid beyond `price`, in the transaction that took it. It reads no row and touches no other one. */
export const giveBack = async (
  tx: GateTx,
  taken: readonly Taken[],
  price: number,
): Promise<void> => {
  for (const { rowId, left, cost } of taken)
    if (cost > price) await tx.db.patch("toolgateBuckets", rowId, { tokens: left + cost - price });
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
