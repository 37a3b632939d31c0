/** The one function that all servers of the race in convex-test call. */
import { v } from "convex/values";
import { internalQuery } from "../../convex/_generated/server";

export const addArgs = { a: v.number(), b: v.number() };

export const add = internalQuery({
  args: addArgs,
  returns: v.object({ sum: v.number() }),
  handler: async (_ctx, { a, b }) => ({ sum: a + b }),
});
