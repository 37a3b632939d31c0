/** The least that writes a row. */
import { mutationGeneric } from "convex/server";
import { v } from "convex/values";

export const add = mutationGeneric({
  args: { name: v.string() },
  returns: v.id("bareRows"),
  handler: ({ db }, { name }) => db.insert("bareRows", { name }),
});
