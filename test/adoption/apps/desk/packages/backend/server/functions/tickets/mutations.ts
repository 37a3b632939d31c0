import { ConvexError, v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { priority } from "../model/ticket";

/** Opens a ticket and returns its number. */
export const open = internalMutation({
	args: { subject: v.string(), priority: v.optional(priority) },
	returns: v.number(),
	handler: async (ctx, args) => {
		const last = await ctx.db.query("tickets").withIndex("by_number").order("desc").first();
		const number = (last?.number ?? 0) + 1;
		await ctx.db.insert("tickets", {
			number,
			subject: args.subject,
			status: "open",
			priority: args.priority ?? "low",
		});
		return number;
	},
});

/** Adds a comment. The text is called input, as the form that it comes from calls it. */
export const comment = internalMutation({
	args: { number: v.number(), input: v.string() },
	returns: v.null(),
	handler: async (ctx, { number, input }) => {
		const ticket = await ctx.db
			.query("tickets")
			.withIndex("by_number", (q) => q.eq("number", number))
			.unique();
		if (!ticket) throw new ConvexError({ code: "NOT_FOUND", message: `No ticket ${number}` });
		if (input.trim() === "") throw new ConvexError("A comment needs a text");
		await ctx.db.insert("comments", { ticketId: ticket._id, input });
		return null;
	},
});
