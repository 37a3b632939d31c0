import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { toolgateTables } from "toolgate/tables";

export default defineSchema({
  notes: defineTable({ text: v.string() }),
  ...toolgateTables,
});
