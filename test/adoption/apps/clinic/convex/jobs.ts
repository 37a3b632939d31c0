import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

export const runDue = internalMutation({
  args: {},
  returns: v.number(),
  handler: async (ctx) => {
    const due = await ctx.db
      .query("jobs")
      .withIndex("by_done", (q) => q.eq("done", false))
      .take(100);
    for (const job of due) {
      await ctx.db.patch(job._id, { done: true });
    }
    return due.length;
  },
});
