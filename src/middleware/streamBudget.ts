/**
 * Limits how many requests are held open at once, per key and per deployment: a request that waits for a long tool occupies one
 * of Convex's action slots (64 on Free and Starter) until it ends, and idle ones would starve the rest. Database half only.
 *
 * A place is a row with a lease. The request that holds it renews it and gives it back; if its action dies, the lease runs out. It is
 * not part of a job's row, though most places are for a job: all are read to count them, and each of the job's progress reports
 * would conflict with every call that wants a place.
 *
 * @see docs.convex.dev/production/state/limits, concurrent function execution
 */
import { v, type GenericId } from "convex/values";
import type { GateTx } from "../data/database";
import type { Principal } from "../data/principal";
import type { CallClaim, Denial, Guard } from "./guard";

export interface StreamBudgetOptions {
  readonly perKey: number;
  readonly perDeployment: number;
}

/** What a held request got. */
export interface StreamGrant {
  readonly stream: GenericId<"toolgateStreamLeases"> | undefined;
}

/** How long a place is kept without a sign of life. */
const STREAM_LEASE_MS = 45_000;

/** Seconds after which it is worth asking again: a guess, since nobody knows when a job ends. */
const RETRY_AFTER_S = 15;

const tooMany = (whose: string, limit: number): Denial => ({
  reason: "stream_limit",
  status: 429,
  code: 429,
  message: `Too many open streams: ${whose} may hold ${String(limit)} at once. Retry after ${String(RETRY_AFTER_S)} s.`,
  headers: { "Retry-After": String(RETRY_AFTER_S) },
  withId: true,
});

const findExcess = async (
  tx: GateTx,
  keyId: string,
  { perKey, perDeployment }: StreamBudgetOptions,
): Promise<Denial | undefined> => {
  const all = await tx.db
    .query("toolgateStreamLeases")
    .withIndex("by_leaseUntil", (q) => q.gt("leaseUntil", Date.now()))
    .take(perDeployment);
  const own = all.filter((place) => place.keyId === keyId);
  if (own.length >= perKey) return tooMany("one key", perKey);
  return all.length >= perDeployment ? tooMany("all keys together", perDeployment) : undefined;
};

/**
 * Grants `stream` to a call that will be held open, or denies it with 429 and `Retry-After`. It stands outside the other guards
 * and takes a place only when they have all said yes. The caps hold exactly: parallel calls read what each other writes.
 */
export const streamBudget = (
  options: StreamBudgetOptions,
): Guard<object, CallClaim, StreamGrant, { principal: Principal }> => ({
  decide: async (tx, { call }, next) => {
    const verdict = await next({ stream: undefined });
    const { principal } = verdict.context;
    if (call.holds !== true || verdict.denial !== undefined || principal === undefined)
      return verdict;
    const { keyId } = principal;
    const denial = await findExcess(tx, keyId, options);
    if (denial !== undefined) return { ...verdict, denial };
    const leaseUntil = Date.now() + STREAM_LEASE_MS;
    const stream = await tx.db.insert("toolgateStreamLeases", { keyId, leaseUntil });
    return { context: { ...verdict.context, stream } };
  },
});

/** The definition of the mutation by which a request keeps its place or gives it back: `internalMutation(holdStream)`. */
export const holdStream = {
  args: { stream: v.id("toolgateStreamLeases"), open: v.boolean() },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { stream, open }: { stream: GenericId<"toolgateStreamLeases">; open: boolean },
  ): Promise<null> => {
    const row = await tx.db.get("toolgateStreamLeases", stream);
    if (row === null) return null;
    if (open)
      await tx.db.patch("toolgateStreamLeases", stream, {
        leaseUntil: Date.now() + STREAM_LEASE_MS,
      });
    else await tx.db.delete("toolgateStreamLeases", stream);
    return null;
  },
};
