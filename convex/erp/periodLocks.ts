/**
 * Keeps the totals of closed months true: what counts in a locked month stays as it is. A month is locked while it is added up, and
 * from then on. No other file writes the table `lockedPeriods`.
 */
import type { Doc } from "../_generated/dataModel";
import { fail } from "./fail";
import type { TenantMutationCtx, TenantQueryCtx } from "./functions";

/** The month of a moment, as YYYY-MM, in UTC. */
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

const lockOf = (ctx: TenantQueryCtx, period: string): Promise<Doc<"lockedPeriods"> | null> =>
  ctx.db
    .query("lockedPeriods")
    .withIndex("by_tenant_period", (q) => q.eq("tenantId", ctx.tenant._id).eq("period", period))
    .unique();

/** The totals of a month once it is closed, or null. */
export const closeOf = (ctx: TenantQueryCtx, period: string): Promise<Doc<"periodCloses"> | null> =>
  ctx.db
    .query("periodCloses")
    .withIndex("by_tenant_period", (q) => q.eq("tenantId", ctx.tenant._id).eq("period", period))
    .unique();

/**
 * Checks that the month of a row may still change.
 *
 * @param at - the moment by which the row counts in a month, in milliseconds since 1970.
 * @param cannot - what is refused, such as `Order SO-7KQ2MX cannot be confirmed`.
 * @param instead - what to do in place of it: a sentence.
 * @throws ConvexError `period_closed`
 */
export const requireUnlocked = async (
  ctx: TenantQueryCtx,
  at: number,
  cannot: string,
  instead: string,
): Promise<void> => {
  const period = monthOf(at);
  if ((await lockOf(ctx, period)) === null) return;
  const state =
    (await closeOf(ctx, period)) === null
      ? "is being closed. If the periods_close that does it has died, call it again"
      : "is closed";
  fail("period_closed", `${cannot}: its month, ${period}, ${state}. ${instead}`);
};

/**
 * Locks a month for the caller's operation. One that another operation has locked is taken over: it stays locked, so what the other
 * has added up stays true.
 *
 * @returns the lock, as `requireLock` takes it.
 */
export const lock = async (ctx: TenantMutationCtx, period: string): Promise<string> => {
  const { operation } = ctx.principal;
  const held = await lockOf(ctx, period);
  if (held === null)
    return ctx.db.insert("lockedPeriods", { tenantId: ctx.tenant._id, period, operation });
  await ctx.db.patch("lockedPeriods", held._id, { operation });
  return held._id;
};

/**
 * Checks that a month has been locked without a break since `lock` returned this.
 *
 * @throws ConvexError `interrupted`
 */
export const requireLock = async (
  ctx: TenantQueryCtx,
  period: string,
  held: string,
): Promise<void> => {
  if ((await lockOf(ctx, period))?._id === held) return;
  fail(
    "interrupted",
    `${period} was opened again while it was added up, by the end of another call. Nothing was posted. Call again.`,
  );
};

/** Opens a month again that is not closed, if the caller's operation was the last to lock it. */
export const unlock = async (ctx: TenantMutationCtx, period: string): Promise<void> => {
  const held = await lockOf(ctx, period);
  if (held?.operation !== ctx.principal.operation) return;
  if ((await closeOf(ctx, period)) === null) await ctx.db.delete("lockedPeriods", held._id);
};
