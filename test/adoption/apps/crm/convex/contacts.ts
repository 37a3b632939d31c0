import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

/** All contacts, a page at a time. */
export const list = query({
  args: { paginationOpts: paginationOptsValidator },
  handler: async (ctx, args) => {
    return await ctx.db.query("contacts").order("desc").paginate(args.paginationOpts);
  },
});

/**
 * Find contacts by name.
 *
 * Used by the search box.
 */
export const search = query({
  args: { searchTerm: v.string(), limit: v.optional(v.number()) },
  handler: async (ctx, { searchTerm, limit }) => {
    return await ctx.db
      .query("contacts")
      .withSearchIndex("search_name", (q) => q.search("name", searchTerm))
      .take(limit ?? 10);
  },
});

export const get = query({
  args: { id: v.id("contacts") },
  handler: async (ctx, { id }) => {
    const contact = await ctx.db.get(id);
    if (!contact) {
      throw new Error("Contact not found");
    }
    return contact;
  },
});

export const create = mutation({
  args: {
    name: v.string(),
    email: v.string(),
    companyId: v.optional(v.id("companies")),
    stage: v.optional(v.union(v.literal("lead"), v.literal("customer"), v.literal("lost"))),
  },
  returns: v.id("contacts"),
  handler: async (ctx, args) => {
    const existing = await ctx.db
      .query("contacts")
      .withIndex("by_email", (q) => q.eq("email", args.email))
      .first();
    if (existing) {
      throw new Error("A contact with this email already exists");
    }
    return await ctx.db.insert("contacts", { ...args, stage: args.stage ?? "lead" });
  },
});

export const remove = mutation({
  args: { id: v.id("contacts") },
  handler: async (ctx, { id }) => {
    const deals = await ctx.db
      .query("deals")
      .withIndex("by_contact", (q) => q.eq("contactId", id))
      .collect();
    for (const deal of deals) {
      await ctx.db.delete(deal._id);
    }
    await ctx.db.delete(id);
  },
});
