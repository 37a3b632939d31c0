import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

/** Notes a visit. The principal is the person that the patient came with. */
export const record = internalMutation({
  args: { patientId: v.id("patients"), principal: v.string(), note: v.string() },
  returns: v.id("visits"),
  handler: async (ctx, args) => {
    if ((await ctx.db.get(args.patientId)) === null) throw new Error("No such patient");
    return await ctx.db.insert("visits", args);
  },
});
