/** The functions of the report tools. */
import { v } from "convex/values";
import { field, isDate } from "../../src/entry/functions";
import type { Doc, Id } from "../_generated/dataModel";
import { fail } from "./fail";
import { amount, count, currency, isoMoment, moment } from "./fields";
import { tenantQuery, type TenantQueryCtx } from "./functions";
import { only } from "./only";
import { oneOf, orderStatuses } from "./terms";

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

/** The most that one report reads, far below the 16 MiB of a transaction. */
const MAX_ORDERS = 5_000;
const MAX_LINES = 20_000;

const TOP = 10;

/** The check is not in the schema that clients see: Gemini refuses the format. */
const day = (description: string) =>
  field(v.string(), { check: [isDate, "expected a day, as YYYY-MM-DD"], description });

const summary = v.object({
  from: v.string(),
  to: v.string(),
  currency,
  /** How many orders were counted, by the day they were created. */
  orders: count,
  byStatus: v.array(v.object({ status: oneOf(orderStatuses), orders: count, totalMinor: amount })),
  /** Those with the highest revenue in confirmed and invoiced orders. */
  topProducts: v.array(
    v.object({
      productId: v.string(),
      sku: v.string(),
      name: v.string(),
      quantity: count,
      revenueMinor: amount,
    }),
  ),
  /** There were too many orders: only those up to `countedUntil` are in. */
  truncated: v.boolean(),
  /** When the last counted order was created; only if truncated. */
  countedUntil: v.optional(moment),
});

const rangeOf = (from: string, to: string): { start: number; end: number } => {
  const start = Date.parse(from);
  const end = Date.parse(to) + DAY_MS;
  if (end <= start) fail("invalid_arguments", "`to` must not be before `from`.");
  if (end - start > MAX_DAYS * DAY_MS)
    fail("invalid_arguments", `From \`from\` to \`to\` at most ${MAX_DAYS} days.`);
  return { start, end };
};

/** The orders of a time span, oldest first. `truncated` is true if the limits above cut the list. */
const readOrders = async (ctx: TenantQueryCtx, start: number, end: number) => {
  const inSpan = ctx.db
    .query("orders")
    .withIndex("by_tenant_createdAt", (q) =>
      q.eq("tenantId", ctx.tenant._id).gte("createdAt", start).lt("createdAt", end),
    );
  const orders: Doc<"orders">[] = [];
  let lines = 0;
  for await (const order of inSpan) {
    lines += order.lines.length;
    if (orders.length === MAX_ORDERS || lines > MAX_LINES) return { orders, truncated: true };
    orders.push(order);
  }
  return { orders, truncated: false };
};

const totalsByStatus = (orders: readonly Doc<"orders">[]) =>
  orderStatuses.map((status) => {
    const own = orders.filter((order) => order.status === status);
    return {
      status,
      orders: own.length,
      totalMinor: own.reduce((sum, order) => sum + order.totalMinor, 0),
    };
  });

interface Sales {
  productId: Id<"products">;
  sku: string;
  name: string;
  quantity: number;
  revenueMinor: number;
}

/** Counts confirmed and invoiced orders only: a draft may never be sold, and a cancelled order is not. */
const topProducts = (orders: readonly Doc<"orders">[]): Sales[] => {
  const sales = new Map<Id<"products">, Sales>();
  const sold = orders.filter(({ status }) => status === "confirmed" || status === "invoiced");
  for (const { productId, sku, name, quantity, lineTotalMinor } of sold.flatMap(
    ({ lines }) => lines,
  )) {
    const { quantity: pieces, revenueMinor } = sales.get(productId) ?? {
      quantity: 0,
      revenueMinor: 0,
    };
    sales.set(productId, {
      productId,
      sku,
      name,
      quantity: pieces + quantity,
      revenueMinor: revenueMinor + lineTotalMinor,
    });
  }
  return [...sales.values()]
    .sort((a, b) => b.revenueMinor - a.revenueMinor || (a.sku < b.sku ? -1 : 1))
    .slice(0, TOP);
};

/**
 * Totals by state and the best-selling products between two days.
 *
 * @throws ConvexError `invalid_arguments` for a range that is reversed or too long
 */
export const salesSummary = tenantQuery({
  args: {
    from: day("First day, as YYYY-MM-DD, in UTC."),
    to: day(`Last day, as YYYY-MM-DD; it counts too. At most ${MAX_DAYS} days.`),
  },
  returns: summary,
  handler: async (ctx, { from, to }) => {
    const { start, end } = rangeOf(from, to);
    const { orders, truncated } = await readOrders(ctx, start, end);
    const last = truncated ? orders.at(-1) : undefined;
    return only(summary, {
      from,
      to,
      currency: ctx.tenant.currency,
      orders: orders.length,
      byStatus: totalsByStatus(orders),
      topProducts: topProducts(orders),
      truncated,
      countedUntil: last && isoMoment(last.createdAt),
    });
  },
});
