/** bareMutation.ts as a tool that knows its caller. */
import { internalMutationGeneric } from "convex/server";
import { v } from "convex/values";
import { principalValidator } from "../src/entry/functions";

export const add = internalMutationGeneric({
  args: { principal: principalValidator(), name: v.string() },
  returns: v.id("customers"),
  handler: ({ db }, { name, principal: { tenant } }) => db.insert("customers", { name, tenant }),
});
