/** Functions of an app that has never heard of Toolgate. */
import { ConvexError, v } from "convex/values";
import {
  internalAction,
  internalMutation,
  internalQuery,
  mutation,
  query,
} from "../../../convex/_generated/server";
import { jobValidator, principalValidator } from "../../../src/entry/functions";

/** Their table: the demo app's counters, so that the schema stays as it is. */
export const add = internalMutation({
  args: { tenantId: v.id("tenants"), series: v.string(), last: v.optional(v.number()) },
  returns: v.id("counters"),
  handler: (ctx, { last = 1, ...note }) => ctx.db.insert("counters", { ...note, last }),
});

export const count = internalQuery({
  args: { unit: v.union(v.literal("rows"), v.literal("dozens")) },
  returns: v.number(),
  handler: async (ctx, { unit }) => {
    const { length } = await ctx.db.query("counters").take(1000);
    return unit === "rows" ? length : length / 12;
  },
});

/** What the next run of `send` is to do, and how often it has run. */
export const mail = { runs: 0, send: (_to: string): Promise<string> => Promise.resolve("sent") };

export const send = internalAction({
  args: { to: v.string(), copies: v.optional(v.number()) },
  returns: v.object({ receipt: v.string() }),
  handler: async (_ctx, { to }) => {
    mail.runs++;
    if (to === "nobody") throw new ConvexError({ code: "no_address", message: "Nobody is there." });
    return { receipt: await mail.send(to) };
  },
});

/** What the last run of `untyped` was given. */
export const seen: { args?: object } = {};

export const untyped = internalMutation(async (_ctx, args: Record<string, unknown>) => {
  seen.args = args;
  return null;
});

export const withPrincipal = internalQuery({
  args: { principal: v.optional(v.union(principalValidator(), v.null())) },
  handler: (_ctx, { principal }) => principal?.subject ?? null,
});

export const withIdempotencyKey = mutation({
  args: { idempotencyKey: v.string() },
  handler: () => null,
});

export const withInt64 = internalQuery({ args: { size: v.int64() }, handler: () => null });

export const withBytes = internalQuery({
  args: { files: v.array(v.object({ data: v.optional(v.bytes()) })) },
  handler: () => null,
});

export const open = query({ args: { input: v.string() }, handler: () => null });

export const openToForgery = query({
  args: { principal: principalValidator() },
  handler: () => null,
});

export const withJob = internalAction({ args: { job: jobValidator() }, handler: () => null });
