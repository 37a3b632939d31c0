/** Adds up the orders, invoices and payments of a month, one page per query: a month may have more rows than one query may read. */
import { v } from "convex/values";
import { field } from "../../src/entry/functions";
import { amount, count } from "./fields";
import { tenantQuery } from "./functions";
import { paginate } from "./pages";

/** Rows per query, about 100 KB. */
const PAGE = 200;

/** A month, as YYYY-MM. Times are counted from 1970 on, so no row is of an earlier one. */
export const monthArg = (description = "Month.") =>
  field(v.string(), {
    pattern: "^\\d{4}-(0[1-9]|1[0-2])$",
    check: [(text) => text >= "1970", "expected a month from 1970-01 on"],
    description,
  });

/** The start of a month and the start of the next one, in UTC, in milliseconds since 1970. `text` is YYYY-MM. */
export const spanOf = (text: string): { start: number; end: number } => {
  const start = Date.parse(`${text}-01T00:00:00Z`);
  const end = new Date(start);
  return { start, end: end.setUTCMonth(end.getUTCMonth() + 1) };
};

const args = { period: monthArg(), cursor: v.optional(v.string()) };

const nextCursor = v.union(v.string(), v.null());

const sum = (amounts: readonly number[]): number => amounts.reduce((total, one) => total + one, 0);

/** The sums of one page of the month's orders, without drafts and cancelled orders. */
export const orders = tenantQuery({
  args,
  returns: v.object({ nextCursor, orders: count, ordersMinor: amount }),
  handler: async (ctx, { period, cursor }) => {
    const { start, end } = spanOf(period);
    const rows = ctx.db
      .query("orders")
      .withIndex("by_tenant_createdAt", (q) =>
        q.eq("tenantId", ctx.tenant._id).gte("createdAt", start).lt("createdAt", end),
      );
    const scope = ["period_orders", ctx.tenant._id, period];
    const { items, ...next } = await paginate(rows, { cursor, limit: PAGE }, scope);
    const sold = items.filter(({ status }) => status === "confirmed" || status === "invoiced");
    const ordersMinor = sum(sold.map(({ totalMinor }) => totalMinor));
    return { ...next, orders: sold.length, ordersMinor };
  },
});

/** The sums of one page of the month's invoices. */
export const invoices = tenantQuery({
  args,
  returns: v.object({ nextCursor, invoices: count, invoicesMinor: amount }),
  handler: async (ctx, { period, cursor }) => {
    const { start, end } = spanOf(period);
    const rows = ctx.db
      .query("invoices")
      .withIndex("by_tenant_issuedAt", (q) =>
        q.eq("tenantId", ctx.tenant._id).gte("issuedAt", start).lt("issuedAt", end),
      );
    const scope = ["period_invoices", ctx.tenant._id, period];
    const { items, ...next } = await paginate(rows, { cursor, limit: PAGE }, scope);
    const invoicesMinor = sum(items.map(({ totalMinor }) => totalMinor));
    return { ...next, invoices: items.length, invoicesMinor };
  },
});

/** The sums of one page of the payments recorded in the month, whenever their invoices were issued. */
export const payments = tenantQuery({
  args,
  returns: v.object({ nextCursor, paidMinor: amount }),
  handler: async (ctx, { period, cursor }) => {
    const { start, end } = spanOf(period);
    const rows = ctx.db
      .query("payments")
      .withIndex("by_tenant_recordedAt", (q) =>
        q.eq("tenantId", ctx.tenant._id).gte("recordedAt", start).lt("recordedAt", end),
      );
    const scope = ["period_payments", ctx.tenant._id, period];
    const { items, ...next } = await paginate(rows, { cursor, limit: PAGE }, scope);
    return { ...next, paidMinor: sum(items.map(({ amountMinor }) => amountMinor)) };
  },
});
