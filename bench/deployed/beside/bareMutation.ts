/** The least that writes a row. */
import { mutationGeneric } from "convex/server";
import { v } from "convex/values";

export const add = mutationGeneric({
  args: { name: v.string() },
  returns: v.id("customers"),
  handler: ({ db }, { name }) => db.insert("customers", { name }),
});
