/** Suggests values while the user types an argument: article numbers, invoice numbers, customers, order states. */
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { tenantQuery, type TenantQueryCtx } from "./functions";
import { labelOf } from "./namedCustomer";
import { findRows } from "./search";
import { orderStatuses } from "./terms";

/** One value more than the protocol allows in a reply. The extra one tells the server that there are more. */
const LIMIT = 101;

const args = { value: v.string() };
const returns = v.array(v.string());

/** A string that sorts after every string that begins with `prefix`: Convex sorts by code points. */
const end = (prefix: string): string => `${prefix}\u{10ffff}`;

/** The first article numbers that begin with `value`, in their order. */
export const skus = tenantQuery({
  args,
  returns,
  handler: async (ctx, { value }) => {
    const rows = await ctx.db
      .query("products")
      .withIndex("by_tenant_sku", (q) =>
        q.eq("tenantId", ctx.tenant._id).gte("sku", value).lt("sku", end(value)),
      )
      .take(LIMIT);
    return rows.map(({ sku }) => sku);
  },
});

/** The first invoice numbers that begin with `value`, in their order. */
export const invoiceNumbers = tenantQuery({
  args,
  returns,
  handler: async (ctx, { value }) => {
    const rows = await ctx.db
      .query("invoices")
      .withIndex("by_tenant_number", (q) =>
        q.eq("tenantId", ctx.tenant._id).gte("number", value).lt("number", end(value)),
      )
      .take(LIMIT);
    return rows.map(({ number }) => number);
  },
});

/** The first customers whose name or address has all words of `value`; the newest of all if `value` is blank. */
const customersOf = async (ctx: TenantQueryCtx, value: string) => {
  if (value.trim() !== "") return findRows(ctx, "customers", value, { limit: 2 * LIMIT });
  const rows = await ctx.db
    .query("customers")
    .withIndex("by_tenant", (q) => q.eq("tenantId", ctx.tenant._id))
    .order("desc")
    .take(LIMIT);
  return { rows, next: rows.length < LIMIT ? undefined : {} };
};

/** Their names; with the e-mail address where another customer has the name, or may have it among those that are left out. */
export const customers = tenantQuery({
  args,
  returns,
  handler: async (ctx, { value }) => {
    const { rows, next } = await customersOf(ctx, value);
    const seen = new Map<string, number>();
    for (const { searchName } of rows) seen.set(searchName, (seen.get(searchName) ?? 0) + 1);
    const isUnique = ({ searchName }: Doc<"customers">) =>
      next === undefined && seen.get(searchName) === 1;
    return rows.slice(0, LIMIT).map((row) => (isUnique(row) ? row.name : labelOf(row)));
  },
});

/** The order states that begin with `value`, in any case. */
export const orderStates = tenantQuery({
  args,
  returns,
  handler: (_ctx, { value }) =>
    Promise.resolve(orderStatuses.filter((status) => status.startsWith(value.toLowerCase()))),
});
