/** The tables of the ERP. Every row but the tenant itself carries `tenantId`, and every index starts with it. */
import { defineTable } from "convex/server";
import { v } from "convex/values";

export const erpTables = {
  tenants: defineTable({ slug: v.string(), name: v.string(), currency: v.string() }).index("by_slug", ["slug"]),
};
