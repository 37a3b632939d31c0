/**
 * Limits how many requests stay open at once, per key and per deployment. A request that waits for a long tool occupies one of
 * Convex's concurrent actions (64 on Free and Starter) until it ends, and idle ones would starve the rest. It has a database half
 * only.
 *
 * A stream lease is a row that expires. Its request renews it and gives it back at the end. If the action dies, the lease runs out.
 *
 * The lease is not part of a job's row, though most leases are for a job. All leases are read to count them, so each progress report
 * of a job would conflict with every call that wants a lease.
 *
 * @see docs.convex.dev/production/state/limits, concurrent function execution
 */
import { v, type GenericId } from "convex/values";
import type { GateTx } from "../data/database";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Guard } from "./guard";

/** The most streams that may be open at once. */
export interface StreamBudgetOptions {
  readonly perKey: number;
  readonly perDeployment: number;
}

/** The member that the guard adds: the lease of a request that stays open; undefined for any other request. */
export interface WithStreamLease {
  readonly streamLease: GenericId<"toolgateStreamLeases"> | undefined;
}

/** How long a lease lasts unless it is renewed. */
const STREAM_LEASE_MS = 45_000;

/** The seconds in `Retry-After`. This is a guess, since nobody knows when a job ends. */
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
 * Adds `streamLease` to a call that stays open, or refuses the call with 429 and `Retry-After`. It stands outside the other guards
 * and takes a lease only if none of them refuses. The limits hold exactly, since parallel calls read the leases that the others
 * write.
 */
export const streamBudget = (
  options: StreamBudgetOptions,
): Guard<object, CallClaim, WithStreamLease, { principal: Identity }> => ({
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
    return { ...verdict, context: { ...verdict.context, streamLease } };
  },
});

/**
 * The definition of the mutation by which a request renews its stream lease (`open` is true) or gives it back. A lease that is
 * already gone stays gone.
 */
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
