/**
 * Limits how many requests are held open at once, per key and per deployment: a request that waits for a long tool occupies one
 * of Convex's action slots (64 on Free and Starter) until it ends, and idle ones would starve the rest. Database half only.
 *
 * A stream lease is a row with an end. The request that has it renews it and gives it back; if its action dies, the lease runs out.
 * It is not part of a job's row, though most are for a job: all are read to count them, and each of the job's progress reports would
 * conflict with every call that wants a lease.
 *
 * @see docs.convex.dev/production/state/limits, concurrent function execution
 */
import { v, type GenericId } from "convex/values";
import type { GateTx } from "../data/database";
import type { Principal } from "../data/principal";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Guard } from "./guard";

export interface StreamBudgetOptions {
  readonly perKey: number;
  readonly perDeployment: number;
}

/** What it adds: the lease of a request that stays open. */
export interface WithStreamLease {
  readonly streamLease: GenericId<"toolgateStreamLeases"> | undefined;
}

/** How long a lease lasts without a sign of life. */
const STREAM_LEASE_MS = 45_000;

/** Seconds after which it is worth asking again: a guess, since nobody knows when a job ends. */
const RETRY_AFTER_S = 15;

const tooMany = (whose: string, limit: number): Refusal => ({
  kind: "stream_limit",
  message: `Too many open streams: ${whose} may hold ${String(limit)} at once. Retry after ${String(RETRY_AFTER_S)} s.`,
  retryAfter: RETRY_AFTER_S,
});

const findExcess = async (
  tx: GateTx,
  keyId: string,
  { perKey, perDeployment }: StreamBudgetOptions,
): Promise<Refusal | undefined> => {
  const all = await tx.db
    .query("toolgateStreamLeases")
    .withIndex("by_expiresAt", (q) => q.gt("expiresAt", Date.now()))
    .take(perDeployment);
  const own = all.filter((lease) => lease.keyId === keyId);
  if (own.length >= perKey) return tooMany("one key", perKey);
  return all.length >= perDeployment ? tooMany("all keys together", perDeployment) : undefined;
};

/**
 * Adds `streamLease` to a call that stays open, or refuses it with 429 and `Retry-After`. It stands outside the other guards
 * and takes a lease only when none of them refuses. The caps hold exactly: parallel calls read what each other writes.
 */
export const streamBudget = (
  options: StreamBudgetOptions,
): Guard<object, CallClaim, WithStreamLease, { principal: Principal }> => ({
  decide: async (tx, { call }, next) => {
    const verdict = await next({ streamLease: undefined });
    const { principal } = verdict.context;
    if (call.wantsStreamLease !== true || verdict.refusal !== undefined || principal === undefined)
      return verdict;
    const { keyId } = principal;
    const refusal = await findExcess(tx, keyId, options);
    if (refusal !== undefined) return { ...verdict, refusal };
    const expiresAt = Date.now() + STREAM_LEASE_MS;
    const streamLease = await tx.db.insert("toolgateStreamLeases", { keyId, expiresAt });
    return { context: { ...verdict.context, streamLease } };
  },
});

/** The definition of the mutation by which a request renews its stream lease or gives it back. */
export const renewStreamLease = {
  args: { streamLease: v.id("toolgateStreamLeases"), open: v.boolean() },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { streamLease, open }: { streamLease: GenericId<"toolgateStreamLeases">; open: boolean },
  ): Promise<null> => {
    const row = await tx.db.get("toolgateStreamLeases", streamLease);
    if (row === null) return null;
    const expiresAt = Date.now() + STREAM_LEASE_MS;
    if (open) await tx.db.patch("toolgateStreamLeases", streamLease, { expiresAt });
    else await tx.db.delete("toolgateStreamLeases", streamLease);
    return null;
  },
};
