/** The least that reads a row. */
import { queryGeneric } from "convex/server";
import { v } from "convex/values";

export const get = queryGeneric({
  args: { id: v.id("products") },
  returns: v.object({ name: v.string(), priceMinor: v.number() }),
  handler: async ({ db }, { id }) => {
    const { name, priceMinor } = (await db.get(id)) ?? {};
    return { name, priceMinor };
  },
});
