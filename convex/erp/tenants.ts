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

const details = {
  slug: v.string(),
  name: v.string(),
  currency: v.string(),
  /** In minor units: agents need a person's approval for payments and invoices above it, and for writing off stock. */
  approveAboveMinor: v.optional(v.number()),
};

type Details = Pick<Doc<"tenants">, "slug" | "name" | "currency" | "approveAboveMinor">;

const requireLimit = (approveAboveMinor: number | undefined): void => {
  if (approveAboveMinor === undefined) return;
  if (!Number.isSafeInteger(approveAboveMinor) || approveAboveMinor < 0)
    fail("invalid_arguments", "approveAboveMinor: expected an integer from 0, in minor units.");
};

const requireValid = ({ slug, name, currency, approveAboveMinor }: Details): void => {
  requireLimit(approveAboveMinor);
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

const toDetails = ({ _id, _creationTime, ...tenant }: Doc<"tenants">): Details => tenant;

/**
 * Adds a tenant and returns its row.
 *
 * @throws ConvexError `invalid_arguments`, `slug_taken`
 */
export const insertTenant = async (
  ctx: Pick<MutationCtx, "db">,
  tenant: Details,
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
  handler: async (ctx, tenant) => toDetails(await insertTenant(ctx, tenant)),
});

/**
 * Sets the amount above which a person must approve, or takes it away with null. It holds for calls that come after it.
 *
 * @throws ConvexError `not_found`, `invalid_arguments`
 */
export const setApproval = internalMutation({
  args: { slug: v.string(), approveAboveMinor: v.union(v.number(), v.null()) },
  returns: v.object(details),
  handler: async (ctx, { slug, approveAboveMinor }) => {
    const tenant = await findTenant(ctx, slug);
    if (tenant === null) return fail("not_found", "slug: no tenant has it.");
    requireLimit(approveAboveMinor ?? undefined);
    const { approveAboveMinor: _before, ...rest } = toDetails(tenant);
    const now = approveAboveMinor === null ? rest : { ...rest, approveAboveMinor };
    await ctx.db.replace("tenants", tenant._id, now);
    return now;
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
    return tenants.map(toDetails);
  },
});
