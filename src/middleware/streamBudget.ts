/**
 * Limits how many requests stay open at once, per key, per tenant and per deployment. A request that waits for a long tool occupies one
 * of Convex's concurrent actions (64 on Free and Starter, 16 self-hosted) until it ends, and idle ones would starve the rest. It has a
 * database half only.
 *
 * A stream lease is a row that expires. Its request renews it and gives it back at the end. If the action dies, the lease runs out.
 *
 * All leases are read to count them, since only so the limits hold exactly; the limit of the deployment is also the limit of what is
 * read. The lease is not part of a job's row: each progress report of a job would conflict with every call that wants a lease.
 *
 * @see docs.convex.dev/production/state/limits, concurrent function execution; convex-backend, self-hosted/docker/docker-compose.yml
 * (APPLICATION_MAX_CONCURRENT_V8_ACTIONS)
 */
import type { GenericId } from "convex/values";
import { defined } from "../base/defined";
import type { Stream } from "../data/call";
import type { GateTx } from "../data/database";
import type { Identity } from "../data/principal";
import type { CallClaim, Guard } from "./guard";
import { refusalOf, streamLimits, type StreamLimits } from "./streamLimits";

/** Limits that stand whatever the environment says. Unless stated: TOOLGATE_STREAMS and its like, see docs/operate.md. */
export type StreamBudgetOptions = Partial<StreamLimits>;

/** The member that the guard adds: the lease of a request that stays open; undefined for any other. */
export interface WithStreamLease {
  readonly streamLease: GenericId<"toolgateStreamLeases"> | undefined;
}

/** How long a lease lasts unless it is renewed. That of a listening stream is longer, since each renewal is a billed call. */
export const LEASE_MS: Readonly<Record<Stream["purpose"], number>> = {
  work: 45_000,
  listening: 330_000,
};

/** The times of a lease from now on. It never outlives its request, so that a refused caller can be told when there is room. */
export const timesOf = ({ purpose, endsAt }: Stream) => ({
  endsAt,
  expiresAt: Math.min(endsAt, Date.now() + LEASE_MS[purpose]),
});

/** Some more than may be open, since a setting may have been lowered while streams are open. */
const openLeases = (tx: GateTx, { perDeployment }: StreamLimits) =>
  tx.db
    .query("toolgateStreamLeases")
    .withIndex("by_expiresAt", (q) => q.gt("expiresAt", Date.now()))
    .take(2 * perDeployment);

/**
 * Adds `streamLease` to a call that stays open, or refuses the call with 429 and `Retry-After`; one that need not wait gets no lease
 * then, and passes. It stands outside the other guards
 * and takes a lease only if none of them refuses. The limits hold exactly, since parallel calls read the leases that the others
 * write.
 */
export const streamBudget = (
  options: StreamBudgetOptions = {},
): Guard<object, CallClaim, WithStreamLease, { principal: Identity }> => ({
  decide: async (tx, { call: { stream } }, next) => {
    const verdict = await next({ streamLease: undefined });
    const { principal } = verdict.context;
    if (stream == null || verdict.refusal !== undefined || principal === undefined) return verdict;
    const { keyId, grantId, tenant } = principal;
    const wanted = { keyId, tenant, listens: stream.purpose === "listening" };
    const limits = streamLimits(options);
    const refusal = refusalOf(wanted, await openLeases(tx, limits), limits);
    if (refusal !== undefined) return stream.isOptional ? verdict : { ...verdict, refusal };
    const lease = { ...wanted, ...defined({ grantId }), ...timesOf(stream) };
    const streamLease = await tx.db.insert("toolgateStreamLeases", lease);
    return { ...verdict, context: { ...verdict.context, streamLease } };
  },
});
