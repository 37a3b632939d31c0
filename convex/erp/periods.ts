/** Closes a month: adds up its orders and invoices page by page, then posts the totals in one transaction. */
import * as z from "zod";
import type { Job } from "../../src/entry/functions";
import type { Principal } from "../../src/entry/functions";
import { internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import type { ActionCtx } from "../_generated/server";
import { fail } from "./fail";
import { amount, currency, isoMoment, moment } from "./fields";
import { tenantAction, tenantMutation, tenantQuery, type TenantQueryCtx } from "./functions";
import { month, spanOf } from "./periodSums";

const totals = z.object({
  orders: z.int().describe("Confirmed and invoiced orders, by the day they were created."),
  ordersMinor: amount,
  invoices: z.int().describe("Invoices, by the day they were issued."),
  invoicesMinor: amount,
  paidMinor: amount.describe("What had been paid on these invoices."),
});

type Totals = z.infer<typeof totals>;

const closedPeriod = totals.extend({ period: z.string(), currency, closedAt: moment });

type ClosedPeriod = z.infer<typeof closedPeriod>;

// The spread is safe: zod drops members that the schema above does not name, such as tenantId.
const toClosed = ({ closedAt, ...row }: Doc<"periodCloses">) => ({
  ...row,
  closedAt: isoMoment(closedAt),
});

const requireOpen = async (ctx: TenantQueryCtx, period: string): Promise<void> => {
  if (spanOf(period).end > Date.now()) fail("period_open", `${period} is not over yet.`);
  const close = await ctx.db
    .query("periodCloses")
    .withIndex("by_tenant_period", (q) => q.eq("tenantId", ctx.tenant._id).eq("period", period))
    .unique();
  if (close !== null) fail("already_closed", `${period} is closed. That is final.`);
};

/**
 * Checks that a month is over and not closed yet.
 *
 * @throws ConvexError `period_open`, `already_closed`
 */
export const check = tenantQuery({
  args: { period: month },
  returns: z.null(),
  handler: async (ctx, { period }) => {
    await requireOpen(ctx, period);
    return null;
  },
});

/**
 * Posts the totals of a month. A month can be posted once.
 *
 * @throws ConvexError `period_open`, `already_closed`
 */
export const post = tenantMutation({
  args: { period: month, totals },
  returns: closedPeriod,
  handler: async (ctx, args) => {
    await requireOpen(ctx, args.period);
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
  for (const page of [internal.erp.periodSums.orders, internal.erp.periodSums.invoices]) {
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
 * Closes a month.
 *
 * @throws ConvexError `period_open`, `already_closed`
 */
export const close = tenantAction({
  args: { period: month.describe("The month to close, as YYYY-MM, in UTC. It must be over.") },
  returns: closedPeriod,
  handler: async (ctx, { period }): Promise<ClosedPeriod> => {
    const { principal } = ctx;
    await ctx.runQuery(internal.erp.periods.check, { principal, period });
    const sum = await sumUp(ctx, period);
    return ctx.runMutation(internal.erp.periods.post, { principal, period, totals: sum });
  },
});
