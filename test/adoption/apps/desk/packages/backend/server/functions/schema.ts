import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { priority, status } from "./model/ticket";

export default defineSchema({
	tickets: defineTable({
		number: v.number(),
		subject: v.string(),
		status,
		priority,
		assignee: v.optional(v.string()),
	})
		.index("by_number", ["number"])
		.index("by_status", ["status", "priority"]),
	comments: defineTable({
		ticketId: v.id("tickets"),
		input: v.string(),
	}).index("by_ticket", ["ticketId"]),
});
