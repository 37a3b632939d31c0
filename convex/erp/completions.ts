/** Values to offer while somebody types: article numbers, invoice numbers, customers, order states. */
import * as z from "zod";
import { findCustomers } from "./customerRows";
import { tenantQuery } from "./functions";
import { orderStatuses } from "./terms";

/** One more than the protocol allows in a reply, so that it can say that there are more. */
const LIMIT = 101;

const args = { value: z.string() };
const returns = z.array(z.string());

/** After every string that begins with `prefix`. */
const end = (prefix: string): string => `${prefix}\uffff`;

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

export const customers = tenantQuery({
  args,
  returns,
  handler: async (ctx, { value }) => {
    const rows =
      value.trim() === ""
        ? await ctx.db
            .query("customers")
            .withIndex("by_tenant_name", (q) => q.eq("tenantId", ctx.tenant._id))
            .take(LIMIT)
        : await findCustomers(ctx, value);
    return rows.slice(0, LIMIT).map(({ name }) => name);
  },
});

export const orderStates = tenantQuery({
  args,
  returns,
  handler: (_ctx, { value }) =>
    Promise.resolve(orderStatuses.filter((status) => status.startsWith(value.toLowerCase()))),
});
