/** Builders for the ERP's functions: zod arguments, and the caller's tenant in the context. */
import { ConvexError } from "convex/values";
import { zCustomMutation, zCustomQuery } from "convex-helpers/server/zod4";
import { keepZod } from "../../src/catalog/keepZod";
import { principalValidator, type Principal } from "../../src/principal";
import type { Doc } from "../_generated/dataModel";
import { internalMutation, internalQuery, type QueryCtx } from "../_generated/server";

/** What every ERP function finds in its context beside Convex's own. */
export interface TenantContext {
  tenant: Doc<"tenants">;
  principal: Principal;
}

const asCaller = {
  args: { principal: principalValidator },
  input: async (ctx: QueryCtx, { principal }: { principal: Principal }) => {
    const tenant = await ctx.db
      .query("tenants")
      .withIndex("by_slug", (q) => q.eq("slug", principal.tenant))
      .unique();
    if (tenant === null) throw new ConvexError({ code: "unknown_tenant", message: "Your tenant does not exist." });
    return { ctx: { tenant, principal }, args: {} };
  },
};

/** An internal query with zod arguments that runs for the tenant of `principal`. */
export const tenantQuery = keepZod(zCustomQuery(internalQuery, asCaller));

/** An internal mutation with zod arguments that runs for the tenant of `principal`. */
export const tenantMutation = keepZod(zCustomMutation(internalMutation, asCaller));
