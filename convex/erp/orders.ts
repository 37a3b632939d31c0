/** The functions of the order tools. */
import { v } from "convex/values";
import { field } from "../../src/entry/functions";
import type { Doc, Id } from "../_generated/dataModel";
import { confirmArg, named, requireConfirmation } from "./confirmation";
import { requireExactlyOne } from "./exactlyOne";
import { amountArg, idArg, lookup, written } from "./fields";
import { askingMutation, tenantMutation, tenantQuery, type TenantQueryCtx } from "./functions";
import { money } from "./money";
import { orderDetail, orderItem, toDetail, toItem } from "./orderShape";
import { cancelOrder, confirmOrder, draftOrder, requireCancellable } from "./orderSteps";
import { notFound, ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { oneOf, orderStatuses, type OrderStatus } from "./terms";

const byNumber = (ctx: TenantQueryCtx, number: string): Promise<Doc<"orders"> | null> =>
  ctx.db
    .query("orders")
    .withIndex("by_tenant_number", (q) => q.eq("tenantId", ctx.tenant._id).eq("number", number))
    .unique();

/** Picks the index whose prefix is the filters, so that a page reads only the rows it returns. */
const matching = (
  ctx: TenantQueryCtx,
  status: OrderStatus | undefined,
  customerId: Id<"customers"> | undefined,
) => {
  const orders = ctx.db.query("orders");
  const tenantId = ctx.tenant._id;
  if (customerId !== undefined && status !== undefined) {
    return orders.withIndex("by_tenant_customer_status_createdAt", (q) =>
      q.eq("tenantId", tenantId).eq("customerId", customerId).eq("status", status),
    );
  }
  if (customerId !== undefined) {
    return orders.withIndex("by_tenant_customer_createdAt", (q) =>
      q.eq("tenantId", tenantId).eq("customerId", customerId),
    );
  }
  return status !== undefined
    ? orders.withIndex("by_tenant_status_createdAt", (q) =>
        q.eq("tenantId", tenantId).eq("status", status),
      )
    : orders.withIndex("by_tenant_createdAt", (q) => q.eq("tenantId", tenantId));
};

/**
 * One page of orders, newest first.
 *
 * @throws ConvexError `not_found` for an unknown customer, `bad_cursor`
 */
export const list = tenantQuery({
  args: {
    status: field(v.optional(oneOf(orderStatuses)), { description: "Only orders in this state." }),
    customerId: field(v.optional(idArg("customer")), {
      description: "Only orders of the customer with this id.",
    }),
    ...pageArgs,
  },
  returns: pageOf(orderItem),
  handler: async (ctx, { status, customerId, ...page }) => {
    const customer =
      customerId === undefined ? undefined : await ownRow(ctx, "customers", customerId);
    const newestFirst = matching(ctx, status, customer?._id).order("desc");
    const scope = ["orders_list", ctx.tenant._id, status, customer?._id];
    const { items, nextCursor } = await paginate(newestFirst, page, scope);
    return { items: items.map(toItem), nextCursor };
  },
});

/**
 * One order by its id or number.
 *
 * @throws ConvexError `invalid_arguments` unless exactly one is given, `not_found`
 */
export const get = tenantQuery({
  args: {
    orderId: v.optional(idArg("order")),
    number: v.optional(lookup("The order's number, as people write it: SO-7KQ2MX.", 20)),
  },
  returns: orderDetail,
  handler: async (ctx, { orderId, number }) => {
    requireExactlyOne({ orderId, number });
    const row =
      orderId !== undefined ? await ownRow(ctx, "orders", orderId) : await byNumber(ctx, number!);
    return toDetail(row ?? notFound("orders"));
  },
});

const line = v.object({
  productId: idArg("product"),
  quantity: field(v.number(), {
    type: "integer",
    minimum: 1,
    maximum: 10_000,
    description: "Pieces.",
  }),
});

const lines = field(v.array(line), {
  description: "What is ordered. Prices are the products' own; they cannot be given.",
});

/**
 * Adds a draft.
 *
 * @throws ConvexError `not_found` for an unknown customer or product
 */
export const create = tenantMutation({
  args: {
    customerId: idArg("customer"),
    lines: field(lines, { minItems: 1, maxItems: 100 }),
  },
  returns: orderDetail,
  handler: async (ctx, { customerId, lines }) => {
    const customer = await ownRow(ctx, "customers", customerId);
    const wanted = await Promise.all(
      lines.map(async ({ productId, quantity }) => ({
        product: await ownRow(ctx, "products", productId),
        quantity,
      })),
    );
    const id = await draftOrder(ctx, customer, wanted, Date.now());
    return toDetail(await ownRow(ctx, "orders", id));
  },
});

/**
 * Confirms a draft and takes its stock.
 *
 * @throws ConvexError `not_found`, and those of `confirmOrder`
 */
export const confirm = tenantMutation({
  args: {
    orderId: idArg("order"),
    expectedTotalMinor: amountArg(
      0,
      "The total you mean to confirm, as orders_get returned it. If prices have changed, nothing is confirmed and you are told the new total.",
    ),
  },
  returns: orderDetail,
  handler: async (ctx, { orderId, expectedTotalMinor }) => {
    const order = await ownRow(ctx, "orders", orderId);
    await confirmOrder(ctx, order, expectedTotalMinor, Date.now());
    return toDetail(await ownRow(ctx, "orders", order._id));
  },
});

/**
 * Cancels an order, after consent.
 *
 * @throws ConvexError `not_found`, and those of `requireCancellable` and `requireConfirmation`
 */
export const cancel = askingMutation({
  args: {
    orderId: idArg("order"),
    reason: written("Why the order is cancelled; kept with it.", 500),
    confirm: confirmArg,
  },
  returns: orderDetail,
  handler: async (ctx, { orderId, reason, confirm }) => {
    const order = await ownRow(ctx, "orders", orderId);
    await requireCancellable(ctx, order);
    await requireConfirmation(
      ctx.input,
      confirm,
      money(order.totalMinor, order.currency),
      `Cancel order ${order.number} of ${named(order.customerName)}? That is final.`,
    );
    await cancelOrder(ctx, order, reason, Date.now());
    return toDetail(await ownRow(ctx, "orders", order._id));
  },
});
