/** Reads and writes the rows of customers. */
import type { Doc, Id } from "../_generated/dataModel";
import { fail } from "./fail";
import type { TenantMutationCtx, TenantQueryCtx } from "./functions";
import { keepTexts } from "./searchTexts";
import { searchable } from "./textSearch";

/**
 * The customer with this e-mail address, or null.
 *
 * @param address - in lower case.
 */
export const findByEmail = (
  ctx: TenantQueryCtx,
  address: string,
): Promise<Doc<"customers"> | null> =>
  ctx.db
    .query("customers")
    .withIndex("by_tenant_email", (q) => q.eq("tenantId", ctx.tenant._id).eq("email", address))
    .unique();

/**
 * Refuses an e-mail address that another customer has. This is safe for parallel calls: if two calls use one address at once, Convex
 * runs one of them again, and the second run is refused.
 *
 * @param address - in lower case.
 * @param except - the customer that may keep the address, when it is changed.
 * @throws ConvexError `email_taken`
 */
export const refuseTakenEmail = async (
  ctx: TenantQueryCtx,
  address: string,
  except?: Doc<"customers">,
) => {
  const holder = await findByEmail(ctx, address);
  if (holder !== null && holder._id !== except?._id) {
    fail(
      "email_taken",
      "Another customer has this e-mail address. Use customers_search to find it.",
    );
  }
};

type Details = Pick<Doc<"customers">, "name" | "email" | "phone" | "city" | "country">;

/** Adds a customer and returns its id. It is not checked that the address is free. */
export const insertCustomer = async (
  ctx: TenantMutationCtx,
  details: Details,
): Promise<Id<"customers">> => {
  const email = details.email.toLowerCase();
  const { operation } = ctx.principal;
  const owned = { tenantId: ctx.tenant._id, operation };
  const searchName = searchable(details.name);
  const id = await ctx.db.insert("customers", { ...details, email, searchName, ...owned });
  await keepTexts(ctx, "customers", id, [details.name, email]);
  return id;
};
