/** The functions of the invoice tools. */
import { v } from "convex/values";
import { field } from "../../src/entry/functions";
import type { Doc, Id } from "../_generated/dataModel";
import { issueInvoice } from "./billing";
import { confirmArg, named, requireConfirmation } from "./confirmation";
import { requireExactlyOne } from "./exactlyOne";
import { idArg, lookup } from "./fields";
import { askingMutation, tenantQuery, type TenantQueryCtx } from "./functions";
import { invoiceDetail, invoiceItem, toDetail, toItem } from "./invoiceShape";
import { money } from "./money";
import { requireStep } from "./orderSteps";
import { notFound, ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { invoiceStatuses, oneOf, type InvoiceStatus } from "./terms";

const byNumber = (ctx: TenantQueryCtx, number: string): Promise<Doc<"invoices"> | null> =>
  ctx.db
    .query("invoices")
    .withIndex("by_tenant_number", (q) => q.eq("tenantId", ctx.tenant._id).eq("number", number))
    .unique();

/** Picks the index whose prefix is the filters, so that a page reads only the rows it returns. */
const matching = (
  ctx: TenantQueryCtx,
  status: InvoiceStatus | undefined,
  customerId: Id<"customers"> | undefined,
) => {
  const invoices = ctx.db.query("invoices");
  const tenantId = ctx.tenant._id;
  if (customerId !== undefined && status !== undefined) {
    return invoices.withIndex("by_tenant_customer_status_issuedAt", (q) =>
      q.eq("tenantId", tenantId).eq("customerId", customerId).eq("status", status),
    );
  }
  if (customerId !== undefined) {
    return invoices.withIndex("by_tenant_customer_issuedAt", (q) =>
      q.eq("tenantId", tenantId).eq("customerId", customerId),
    );
  }
  return status !== undefined
    ? invoices.withIndex("by_tenant_status_issuedAt", (q) =>
        q.eq("tenantId", tenantId).eq("status", status),
      )
    : invoices.withIndex("by_tenant_issuedAt", (q) => q.eq("tenantId", tenantId));
};

/**
 * One page of invoices, newest first.
 *
 * @throws ConvexError `not_found` for an unknown customer, `bad_cursor`
 */
export const list = tenantQuery({
  args: {
    status: field(v.optional(oneOf(invoiceStatuses)), {
      description: "open: something is still to be paid. paid: nothing is.",
    }),
    customerId: field(v.optional(idArg("customer")), {
      description: "Only invoices of the customer with this id.",
    }),
    ...pageArgs,
  },
  returns: pageOf(invoiceItem),
  handler: async (ctx, { status, customerId, ...page }) => {
    const customer =
      customerId === undefined ? undefined : await ownRow(ctx, "customers", customerId);
    const newestFirst = matching(ctx, status, customer?._id).order("desc");
    const scope = ["invoices_list", ctx.tenant._id, status, customer?._id];
    const { items, nextCursor } = await paginate(newestFirst, page, scope);
    return { items: items.map(toItem), nextCursor };
  },
});

/**
 * One invoice by its id or number.
 *
 * @throws ConvexError `invalid_arguments` unless exactly one is given, `not_found`
 */
export const get = tenantQuery({
  args: {
    invoiceId: v.optional(idArg("invoice")),
    number: v.optional(lookup("The invoice's number, as people write it: INV-000001.", 20)),
  },
  returns: invoiceDetail,
  handler: async (ctx, { invoiceId, number }) => {
    requireExactlyOne({ invoiceId, number });
    const row =
      invoiceId !== undefined
        ? await ownRow(ctx, "invoices", invoiceId)
        : await byNumber(ctx, number!);
    return toDetail(ctx, row ?? notFound("invoices"));
  },
});

/**
 * Issues the invoice of a confirmed order, after consent.
 *
 * @throws ConvexError `not_found`, `wrong_state`, and those of `requireConfirmation`
 */
export const issue = askingMutation({
  args: { orderId: idArg("confirmed order to invoice"), confirm: confirmArg },
  returns: invoiceDetail,
  handler: async (ctx, { orderId, confirm }) => {
    const order = await ownRow(ctx, "orders", orderId);
    requireStep(order, "invoiced");
    await requireConfirmation(
      ctx.input,
      confirm,
      money(order.totalMinor, order.currency),
      `Issue the invoice of order ${order.number} to ${named(order.customerName)}? Its number cannot be given back.`,
    );
    const invoiceId = await issueInvoice(ctx, order, Date.now());
    return toDetail(ctx, await ownRow(ctx, "invoices", invoiceId));
  },
});
