/** Numbers invoices, which the law wants without gaps: one series for each tenant. */
import type { TenantMutationCtx } from "./functions";

const SERIES = "invoice";

/**
 * The next number, such as `INV-000001`. The counter changes in the caller's transaction. If that rolls back, the number is not used up.
 * So invoices of a tenant that are issued in one instant wait for each other.
 */
export const nextInvoiceNumber = async (ctx: TenantMutationCtx): Promise<string> => {
  const { tenant, principal } = ctx;
  const counter = await ctx.db
    .query("counters")
    .withIndex("by_tenant_series", (q) => q.eq("tenantId", tenant._id).eq("series", SERIES))
    .unique();
  const last = (counter?.last ?? 0) + 1;
  const { operation } = principal;
  if (counter === null)
    await ctx.db.insert("counters", { tenantId: tenant._id, series: SERIES, last, operation });
  else await ctx.db.patch("counters", counter._id, { last, operation });
  return `INV-${String(last).padStart(6, "0")}`;
};
