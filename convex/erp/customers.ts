/** The functions of the customer tools. */
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { contact, email, name } from "./customerFields";
import { insertCustomer, refuseTakenEmail } from "./customerRows";
import { fail } from "./fail";
import { given, idArg, isoMoment, moment, textArg } from "./fields";
import { tenantMutation, tenantQuery } from "./functions";
import { only } from "./only";
import { ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { searchPage } from "./search";
import { keepTexts } from "./searchTexts";
import { searchable } from "./textSearch";

const customerItem = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  city: v.optional(v.string()),
  country: v.optional(v.string()),
});
const customerDetail = customerItem.extend({ phone: v.optional(v.string()), createdAt: moment });

const toItem = ({ _id, ...row }: Doc<"customers">) => only(customerItem, { ...row, id: _id });

const toDetail = ({ _id, _creationTime, ...row }: Doc<"customers">) =>
  only(customerDetail, { ...row, id: _id, createdAt: isoMoment(_creationTime) });

/** One page of customers: all of them, the newest first, or those that match `text`. */
export const search = tenantQuery({
  args: { text: textArg("the customer's name or e-mail address"), ...pageArgs },
  returns: pageOf(customerItem),
  handler: async (ctx, { text, ...page }) => {
    const scope = ["customers_search", ctx.tenant._id, text];
    const { items, nextCursor } =
      text === undefined
        ? await paginate(
            ctx.db
              .query("customers")
              .withIndex("by_tenant", (q) => q.eq("tenantId", ctx.tenant._id))
              .order("desc"),
            page,
            scope,
          )
        : await searchPage(ctx, "customers", text, page, scope);
    return { items: items.map(toItem), nextCursor };
  },
});

/**
 * One customer.
 *
 * @throws ConvexError `not_found`
 */
export const get = tenantQuery({
  args: { customerId: idArg("customer") },
  returns: customerDetail,
  handler: async (ctx, { customerId }) => toDetail(await ownRow(ctx, "customers", customerId)),
});

/**
 * Adds a customer.
 *
 * @throws ConvexError `email_taken`
 */
export const create = tenantMutation({
  args: { name, email, ...contact },
  returns: customerDetail,
  handler: async (ctx, details) => {
    await refuseTakenEmail(ctx, details.email.toLowerCase());
    const id = await insertCustomer(ctx, given(details));
    return toDetail(await ownRow(ctx, "customers", id));
  },
});

/**
 * Changes the given fields of a customer.
 *
 * @throws ConvexError `not_found`, `nothing_to_change`, `email_taken`
 */
export const update = tenantMutation({
  args: {
    customerId: idArg("customer"),
    name: v.optional(name),
    email: v.optional(email),
    ...contact,
  },
  returns: customerDetail,
  handler: async (ctx, { customerId, ...fields }) => {
    const before = await ownRow(ctx, "customers", customerId);
    const changes = given(fields);
    if (Object.keys(changes).length === 0) {
      fail("nothing_to_change", "Give at least one field to change beside customerId.");
    }
    const address = (changes.email ?? before.email).toLowerCase();
    await refuseTakenEmail(ctx, address, before);
    const name = changes.name ?? before.name;
    const after = { ...changes, email: address, searchName: searchable(name) };
    await ctx.db.patch("customers", before._id, { ...after, operation: ctx.principal.operation });
    await keepTexts(ctx, "customers", before._id, [name, address]);
    return toDetail(await ownRow(ctx, "customers", before._id));
  },
});
