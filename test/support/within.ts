/** The context of the ERP's own helpers, for rows that a test writes without a call. */
import type { Doc } from "../../convex/_generated/dataModel";
import type { TenantMutationCtx } from "../../convex/erp/functions";

/** @param ctx - of `t.run`. */
export const within = (
  { db }: Pick<TenantMutationCtx, "db">,
  tenant: Doc<"tenants">,
): TenantMutationCtx => ({
  db,
  tenant,
  principal: {
    ...{ subject: "test", tenant: tenant.slug, role: "admin", keyId: "none" },
    operation: "test",
  },
});
