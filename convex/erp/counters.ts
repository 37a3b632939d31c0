/** Numbers documents: one gapless series for each tenant and kind of document. */
import type { TenantMutationCtx } from "./functions";

const prefixes = { order: "SO", invoice: "INV" } as const;

/**
 * The next number of a series, such as `INV-000001`. The counter changes in the caller's transaction. If that rolls back, the number
 * is not used up, so a series has no gaps.
 */
export const nextNumber = async (
  ctx: TenantMutationCtx,
  series: keyof typeof prefixes,
): Promise<string> => {
  const counter = await ctx.db
    .query("counters")
    .withIndex("by_tenant_series", (q) => q.eq("tenantId", ctx.tenant._id).eq("series", series))
    .unique();
  const last = (counter?.last ?? 0) + 1;
  const { tenant, principal } = ctx;
  const { operation } = principal;
  if (counter === null)
    await ctx.db.insert("counters", { tenantId: tenant._id, series, last, operation });
  else await ctx.db.patch("counters", counter._id, { last, operation });
  return `${prefixes[series]}-${String(last).padStart(6, "0")}`;
};
