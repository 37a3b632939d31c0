/** Tenants, for operators: `npx convex run erp/tenants:create '{"slug":"acme","name":"Acme GmbH","currency":"EUR"}'`. */
import { v } from "convex/values";
import { isSeen } from "../../src/entry/functions";
import type { Doc } from "../_generated/dataModel";
import {
  internalMutation,
  internalQuery,
  type MutationCtx,
  type QueryCtx,
} from "../_generated/server";
import { digitsOf } from "./currencies";
import { fail } from "./fail";

const details = { slug: v.string(), name: v.string(), currency: v.string() };

const requireValid = ({
  slug,
  name,
  currency,
}: Pick<Doc<"tenants">, "slug" | "name" | "currency">): void => {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(slug)) {
    fail("invalid_arguments", "slug: 1 to 40 of a-z, 0-9 and -, not starting or ending with -.");
  }
  if (!isSeen(name) || name.length > 100)
    fail("invalid_arguments", "name: 1 to 100 characters, not only invisible ones.");
  if (digitsOf(currency) === undefined) {
    fail(
      "invalid_arguments",
      "currency: a code that ISO 4217 lists with a minor unit, in capital letters, like EUR.",
    );
  }
};

/**
 * Adds a tenant and returns its row.
 *
 * @throws ConvexError `invalid_arguments`, `slug_taken`
 */
export const insertTenant = async (
  ctx: Pick<MutationCtx, "db">,
  tenant: Pick<Doc<"tenants">, "slug" | "name" | "currency">,
): Promise<Doc<"tenants">> => {
  requireValid(tenant);
  if ((await findTenant(ctx, tenant.slug)) !== null)
    return fail("slug_taken", "Another tenant has this slug.");
  const id = await ctx.db.insert("tenants", tenant);
  return (await ctx.db.get("tenants", id))!;
};

/** The tenant with this slug, or null. */
export const findTenant = (
  ctx: Pick<QueryCtx, "db">,
  slug: string,
): Promise<Doc<"tenants"> | null> =>
  ctx.db
    .query("tenants")
    .withIndex("by_slug", (q) => q.eq("slug", slug))
    .unique();

/**
 * Adds a tenant.
 *
 * @throws ConvexError `invalid_arguments`, `slug_taken`
 */
export const create = internalMutation({
  args: details,
  returns: v.object(details),
  handler: async (ctx, tenant) => {
    const { slug, name, currency } = await insertTenant(ctx, tenant);
    return { slug, name, currency };
  },
});

/** Whether a tenant has this slug. Key administration asks this, so that no key is made for an unknown tenant. */
export const exists = internalQuery({
  args: { slug: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { slug }) => (await findTenant(ctx, slug)) !== null,
});

/** The first 1,000 tenants, by slug. */
export const list = internalQuery({
  args: {},
  returns: v.array(v.object(details)),
  handler: async (ctx) => {
    const tenants = await ctx.db.query("tenants").withIndex("by_slug").take(1000);
    return tenants.map(({ slug, name, currency }) => ({ slug, name, currency }));
  },
});
