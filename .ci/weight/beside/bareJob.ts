/** The least that starts an action once its row is written, and the action. */
import { actionGeneric, makeFunctionReference, mutationGeneric } from "convex/server";
import { v } from "convex/values";

const args = { name: v.string() };

export const start = mutationGeneric({
  args,
  returns: v.id("bareRows"),
  handler: async ({ db, scheduler }, { name }) => {
    await scheduler.runAfter(0, makeFunctionReference<"action">("bareJob:run"), { name });
    return db.insert("bareRows", { name });
  },
});

export const run = actionGeneric({
  args,
  returns: v.id("bareRows"),
  handler: (ctx, one) =>
    ctx.runMutation(makeFunctionReference<"mutation">("bareMutation:add"), one),
});
