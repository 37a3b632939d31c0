import { v } from "convex/values";
import { internal } from "./_generated/api";
import { action, internalMutation, mutation, query } from "./_generated/server";

export const byContact = query({
  args: { contactId: v.id("contacts") },
  handler: async (ctx, args) => {
    return await ctx.db
      .query("deals")
      .withIndex("by_contact", (q) => q.eq("contactId", args.contactId))
      .collect();
  },
});

export const create = mutation({
  args: { contactId: v.id("contacts"), title: v.string(), amount: v.number() },
  handler: async (ctx, args) => {
    if (args.amount < 0) throw new Error("Amount must be positive");
    return await ctx.db.insert("deals", args);
  },
});

export const insertMany = internalMutation({
  args: { rows: v.array(v.object({ contactId: v.id("contacts"), title: v.string(), amount: v.number() })) },
  handler: async (ctx, { rows }) => {
    for (const row of rows) {
      await ctx.db.insert("deals", row);
    }
    return rows.length;
  },
});

// Imports "title;amount" lines pasted by the user.
export const importLines = action({
  args: { contactId: v.id("contacts"), text: v.string() },
  returns: v.number(),
  handler: async (ctx, { contactId, text }): Promise<number> => {
    const rows = text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [title, amount] = line.split(";");
        return { contactId, title, amount: Number(amount) };
      });
    return await ctx.runMutation(internal.deals.insertMany, { rows });
  },
});
