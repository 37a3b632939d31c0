/** Keys of the doors, not of an API. */
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { internalQuery } from "./_generated/server";

export const keyTables = {
  keys: defineTable({ door: v.string(), holder: v.string() }).index("by_door", ["door"]),
  mcpKeys: defineTable({ note: v.string() }),
};

export const whoHas = internalQuery({
  args: { door: v.string() },
  handler: async (ctx, { door }) => {
    const key = await ctx.db
      .query("keys")
      .withIndex("by_door", (q) => q.eq("door", door))
      .first();
    return key?.holder ?? null;
  },
});
