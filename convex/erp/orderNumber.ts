/** Numbers orders. Nobody counts them, so many can be drafted in one instant: a counter's row would be read and written by all of them. */
import type { TenantMutationCtx } from "./functions";

/** No vowels, so that no number is a word, and nothing that is read as something else. */
const LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ";
const LENGTH = 6;

const draw = (): string =>
  Array.from(
    { length: LENGTH },
    () => LETTERS[Math.floor(Math.random() * LETTERS.length)] ?? "",
  ).join("");

/** A number that no order of the tenant has, such as `SO-7KQ2MX`. Convex checks at the commit that nobody else took it meanwhile. */
export const newOrderNumber = async (ctx: TenantMutationCtx): Promise<string> => {
  for (;;) {
    const number = `SO-${draw()}`;
    const taken = await ctx.db
      .query("orders")
      .withIndex("by_tenant_number", (q) => q.eq("tenantId", ctx.tenant._id).eq("number", number))
      .first();
    if (taken === null) return number;
  }
};
