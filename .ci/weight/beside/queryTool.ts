/** bareQuery.ts as a tool that knows its caller. */
import { internalQueryGeneric } from "convex/server";
import { v } from "convex/values";
import { principalValidator } from "../src/entry/functions";

export const get = internalQueryGeneric({
  args: { principal: principalValidator(), id: v.id("products") },
  returns: v.object({ name: v.string(), priceMinor: v.number() }),
  handler: async ({ db }, { id, principal }) => {
    const { name, priceMinor, tenant } = (await db.get(id)) ?? {};
    if (tenant !== principal.tenant) throw new Error("No such product.");
    return { name, priceMinor };
  },
});
