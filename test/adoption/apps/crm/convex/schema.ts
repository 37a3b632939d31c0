import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  contacts: defineTable({
    name: v.string(),
    email: v.string(),
    companyId: v.optional(v.id("companies")),
    notes: v.optional(v.string()),
    stage: v.union(v.literal("lead"), v.literal("customer"), v.literal("lost")),
  })
    .index("by_email", ["email"])
    .searchIndex("search_name", { searchField: "name" }),
  companies: defineTable({
    name: v.string(),
    website: v.optional(v.string()),
  }),
  deals: defineTable({
    contactId: v.id("contacts"),
    title: v.string(),
    amount: v.number(),
    closedAt: v.optional(v.number()),
  }).index("by_contact", ["contactId"]),
});
