import { ConvexError, v } from "convex/values";
import { query } from "../_generated/server";
import { status } from "../model/ticket";

/** Tickets with a status, the urgent ones first. */
export const byStatus = query({
	args: { status },
	handler: (ctx, args) =>
		ctx.db
			.query("tickets")
			.withIndex("by_status", (q) => q.eq("status", args.status))
			.take(50),
});

/** One ticket by its number. */
export const byNumber = query({
	args: { number: v.number() },
	handler: async (ctx, args) => {
		const ticket = await ctx.db
			.query("tickets")
			.withIndex("by_number", (q) => q.eq("number", args.number))
			.unique();
		if (!ticket) throw new ConvexError({ code: "NOT_FOUND", message: `No ticket ${args.number}` });
		return ticket;
	},
});
