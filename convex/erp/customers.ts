/** The functions of the customer tools. */
import * as z from "zod";
import type { Doc } from "../_generated/dataModel";
import { contact, email, name } from "./customerFields";
import { insertCustomer, refuseTakenEmail } from "./customerRows";
import { fail } from "./fail";
import { given, idArg, isoMoment, moment, textArg } from "./fields";
import { tenantMutation, tenantQuery } from "./functions";
import { ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { searchPage } from "./search";
import { keepTexts } from "./searchTexts";
import { searchable } from "./textSearch";

const customerItem = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  city: z.string().optional(),
  country: z.string().optional(),
});
const customerDetail = customerItem.extend({ phone: z.string().optional(), createdAt: moment });

// The spread is safe: zod drops members that the schemas above do not name, such as tenantId.
const toItem = ({ _id, ...row }: Doc<"customers">): z.input<typeof customerItem> => ({
  id: _id,
  ...row,
});

const toDetail = (row: Doc<"customers">): z.input<typeof customerDetail> => ({
  ...toItem(row),
  createdAt: isoMoment(row._creationTime),
});

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
    name: name.optional(),
    email: email.optional(),
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
