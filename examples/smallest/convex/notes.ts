import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server";

/** The newest 100 notes, newest first. */
export const list = query({
  args: {},
  returns: v.array(v.object({ id: v.id("notes"), text: v.string() })),
  handler: async (ctx) => {
    const notes = await ctx.db.query("notes").order("desc").take(100);
    return notes.map(({ _id, text }) => ({ id: _id, text }));
  },
});

/** Add a note. It returns the id of the note. */
export const add = mutation({
  args: { text: v.string() },
  returns: v.id("notes"),
  handler: async (ctx, { text }) => {
    if (text.trim() === "") throw new ConvexError("A note needs a text.");
    return await ctx.db.insert("notes", { text });
  },
});
