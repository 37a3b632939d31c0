import { ConvexError, v } from "convex/values";
import { userMutation, userQuery } from "./functions";

/** The patients of the signed-in doctor. */
export const list = userQuery({
  args: {},
  handler: async (ctx) => await ctx.db.query("patients").collect(),
});

export const admit = userMutation({
  args: { name: v.string(), bornOn: v.string() },
  returns: v.id("patients"),
  handler: async (ctx, { name, bornOn }) => {
    if (ctx.user.role !== "doctor") throw new ConvexError("Only doctors admit patients");
    return await ctx.db.insert("patients", { doctorId: ctx.user._id, name, bornOn });
  },
});
