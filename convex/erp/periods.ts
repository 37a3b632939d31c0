/**
 * Closes a month: locks it, adds up its orders, invoices and payments page by page, then posts the totals in one transaction. So what
 * is posted is what the rows say, then and for ever.
 */
import { v, type Infer } from "convex/values";
import type { Job } from "../../src/entry/functions";
import type { Principal } from "../../src/entry/functions";
import { internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import type { ActionCtx } from "../_generated/server";
import { fail } from "./fail";
import { amount, count, currency, isoMoment, moment } from "./fields";
import { tenantAction, tenantMutation, type TenantQueryCtx } from "./functions";
import { only } from "./only";
import { closeOf, lock, requireLock, unlock } from "./periodLocks";
import { monthArg, spanOf } from "./periodSums";

const totals = v.object({
  /** Confirmed and invoiced orders, by the day they were created. */
  orders: count,
  ordersMinor: amount,
  /** Invoices, by the day they were issued. */
  invoices: count,
  invoicesMinor: amount,
  /** Payments, by the day they were recorded. */
  paidMinor: amount,
});

type Totals = Infer<typeof totals>;

const closedPeriod = totals.extend({ period: v.string(), currency, closedAt: moment });

type ClosedPeriod = Infer<typeof closedPeriod>;

const toClosed = ({ closedAt, ...row }: Doc<"periodCloses">) =>
  only(closedPeriod, { ...row, closedAt: isoMoment(closedAt) });

const requireOpen = async (ctx: TenantQueryCtx, period: string): Promise<void> => {
  if (spanOf(period).end > Date.now()) fail("period_open", `${period} is not over yet.`);
  if ((await closeOf(ctx, period)) !== null)
    fail("already_closed", `${period} is closed. That is final.`);
};

/**
 * Locks a month that is over and not closed yet.
 *
 * @returns the lock, as `post` takes it.
 * @throws ConvexError `period_open`, `already_closed`
 */
export const begin = tenantMutation({
  args: { period: monthArg() },
  returns: v.string(),
  handler: async (ctx, { period }) => {
    await requireOpen(ctx, period);
    return lock(ctx, period);
  },
});

/** Opens a month again whose close has failed or was cancelled. */
export const release = tenantMutation({
  args: { period: monthArg() },
  returns: v.null(),
  handler: async (ctx, { period }) => {
    await unlock(ctx, period);
    return null;
  },
});

/**
 * Posts the totals of a month. A month can be posted once.
 *
 * @throws ConvexError `period_open`, `already_closed`, `interrupted`
 */
export const post = tenantMutation({
  args: { period: monthArg(), held: v.string(), totals },
  returns: closedPeriod,
  handler: async (ctx, args) => {
    await requireOpen(ctx, args.period);
    await requireLock(ctx, args.period, args.held);
    const id = await ctx.db.insert("periodCloses", {
      ...{ tenantId: ctx.tenant._id, period: args.period, currency: ctx.tenant.currency },
      ...args.totals,
      ...{ closedBy: ctx.principal.subject, closedAt: Date.now() },
      operation: ctx.principal.operation,
    });
    return toClosed((await ctx.db.get("periodCloses", id))!);
  },
});

type JobCtx = ActionCtx & { principal: Principal; job: Job };

/** The sums of one page. */
type Sums = Partial<Totals> & { nextCursor: string | null };

const add = (one: Totals, other: Partial<Totals>): Totals => ({
  orders: one.orders + (other.orders ?? 0),
  ordersMinor: one.ordersMinor + (other.ordersMinor ?? 0),
  invoices: one.invoices + (other.invoices ?? 0),
  invoicesMinor: one.invoicesMinor + (other.invoicesMinor ?? 0),
  paidMinor: one.paidMinor + (other.paidMinor ?? 0),
});

const nothing: Totals = { orders: 0, ordersMinor: 0, invoices: 0, invoicesMinor: 0, paidMinor: 0 };

const sumUp = async ({ job, ...ctx }: JobCtx, period: string): Promise<Totals> => {
  let sum = nothing;
  const report = () => {
    const count = sum.orders + sum.invoices;
    return job.progress(count, undefined, `${count} orders and invoices added up`);
  };
  const { orders, invoices, payments } = internal.erp.periodSums;
  for (const page of [orders, invoices, payments]) {
    let cursor: string | null | undefined;
    do {
      await report();
      const { principal } = ctx;
      const sums: Sums = await ctx.runQuery(page, { principal, period, ...(cursor && { cursor }) });
      sum = add(sum, sums);
      cursor = sums.nextCursor;
    } while (cursor !== null);
  }
  await report();
  return sum;
};

/**
 * Closes a month. One whose close has died is locked still: the next call takes it up.
 *
 * @throws ConvexError `period_open`, `already_closed`, `interrupted`
 */
export const close = tenantAction({
  args: { period: monthArg("The month to close, as YYYY-MM, in UTC. It must be over.") },
  returns: closedPeriod,
  handler: async (ctx, { period }): Promise<ClosedPeriod> => {
    const { begin: first, post: last, release: giveUp } = internal.erp.periods;
    const { principal } = ctx;
    const held = await ctx.runMutation(first, { principal, period });
    try {
      const sum = await sumUp(ctx, period);
      return await ctx.runMutation(last, { principal, period, held, totals: sum });
    } catch (error) {
      // If this fails too, the month stays locked until the next call, and the caller hears of the first error.
      await ctx.runMutation(giveUp, { principal, period }).catch(() => undefined);
      throw error;
    }
  },
});
