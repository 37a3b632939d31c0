/** The life of an order: draft → confirmed → invoiced, or cancelled before it is invoiced. */
import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { fail } from "./fail";
import type { TenantMutationCtx, TenantQueryCtx } from "./functions";
import { money } from "./money";
import { newOrderNumber } from "./orderNumber";
import { ownRow } from "./ownRow";
import { requireUnlocked } from "./periodLocks";
import { moveStock, type Cause } from "./stockLedger";
import type { orderLineValidator } from "./tables";
import type { OrderStatus } from "./terms";

type OrderLine = Infer<typeof orderLineValidator>;

const steps: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  draft: ["confirmed", "cancelled"],
  confirmed: ["invoiced", "cancelled"],
  invoiced: [],
  cancelled: [],
};

/**
 * Checks that an order may become `next`.
 *
 * @throws ConvexError `wrong_state` if it may not.
 */
export const requireStep = ({ number, status }: Doc<"orders">, next: OrderStatus): void => {
  const possible = steps[status];
  if (possible.includes(next)) return;
  const rest =
    possible.length > 0 ? `It can only become ${possible.join(" or ")}.` : "That is final.";
  fail("wrong_state", `Order ${number} is ${status}, so it cannot become ${next}. ${rest}`);
};

/** The fields that an order line copies from a product. */
export type Sellable = Pick<Doc<"products">, "_id" | "sku" | "name" | "unitPriceMinor">;

const priced = (product: Sellable, quantity: number): OrderLine => ({
  productId: product._id,
  sku: product.sku,
  name: product.name,
  quantity,
  unitPriceMinor: product.unitPriceMinor,
  lineTotalMinor: quantity * product.unitPriceMinor,
});

const totalOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, line) => sum + line.lineTotalMinor, 0);

/**
 * Adds a draft at the current prices of its products. It takes no stock.
 *
 * @param at - the time of creation, in milliseconds since 1970.
 * @returns the id of the order.
 */
export const draftOrder = async (
  ctx: TenantMutationCtx,
  customer: Pick<Doc<"customers">, "_id" | "name">,
  wanted: readonly { product: Sellable; quantity: number }[],
  at: number,
): Promise<Id<"orders">> => {
  const lines = wanted.map(({ product, quantity }) => priced(product, quantity));
  return ctx.db.insert("orders", {
    tenantId: ctx.tenant._id,
    number: await newOrderNumber(ctx),
    customerId: customer._id,
    customerName: customer.name,
    status: "draft",
    lines,
    totalMinor: totalOf(lines),
    currency: ctx.tenant.currency,
    createdBy: ctx.principal.subject,
    operation: ctx.principal.operation,
    createdAt: at,
  });
};

const moveLines = (
  ctx: TenantMutationCtx,
  order: Doc<"orders">,
  sign: 1 | -1,
  reason: Cause["reason"],
  at: number,
) =>
  moveStock(
    ctx,
    order.lines.map(({ productId, sku, quantity }) => ({
      productId,
      sku,
      quantity: sign * quantity,
    })),
    { reason, order },
    at,
  );

/**
 * Confirms a draft at the current prices and takes the stock of its lines.
 *
 * @param expectedTotalMinor - the total that the caller means to confirm, in minor units.
 * @param at - the time of confirmation, in milliseconds since 1970.
 * @throws ConvexError `wrong_state`, `period_closed`, `not_found` (a product is gone), `total_changed` or `insufficient_stock`. In all
 * these cases nothing is changed.
 */
export const confirmOrder = async (
  ctx: TenantMutationCtx,
  order: Doc<"orders">,
  expectedTotalMinor: number,
  at: number,
): Promise<void> => {
  requireStep(order, "confirmed");
  await requireUnlocked(
    ctx,
    order.createdAt,
    `Order ${order.number} cannot be confirmed`,
    "Cancel it with orders_cancel, and draft it again with orders_create: the new order is of the open month.",
  );
  const lines = await Promise.all(
    order.lines.map(async (line) =>
      priced(await ownRow(ctx, "products", line.productId), line.quantity),
    ),
  );
  const totalMinor = totalOf(lines);
  if (totalMinor !== expectedTotalMinor) {
    fail(
      "total_changed",
      `Order ${order.number} comes to ${money(totalMinor, order.currency)} at current prices, not to ` +
        `${money(expectedTotalMinor, order.currency)}. Nothing was confirmed. If the new total is fine, confirm again with ` +
        `expectedTotalMinor ${totalMinor}.`,
    );
  }
  await moveLines(ctx, order, -1, "order_confirmed", at);
  await ctx.db.patch("orders", order._id, {
    status: "confirmed",
    operation: ctx.principal.operation,
    lines,
    totalMinor,
    confirmedAt: at,
  });
};

/**
 * Checks that an order may be cancelled. A draft counts in no month, so it always may.
 *
 * @throws ConvexError `wrong_state` if the order is invoiced or cancelled, `period_closed`
 */
export const requireCancellable = async (
  ctx: TenantQueryCtx,
  order: Doc<"orders">,
): Promise<void> => {
  requireStep(order, "cancelled");
  if (order.status === "draft") return;
  await requireUnlocked(
    ctx,
    order.createdAt,
    `Order ${order.number} cannot be cancelled`,
    "Correct it in the open month: stock_adjust with the reason returned takes its goods back, and the order stays as it is.",
  );
};

/**
 * Cancels an order that is not invoiced. The stock of a confirmed order goes back.
 *
 * @param at - the time of cancellation, in milliseconds since 1970.
 * @throws ConvexError those of `requireCancellable`
 */
export const cancelOrder = async (
  ctx: TenantMutationCtx,
  order: Doc<"orders">,
  reason: string,
  at: number,
): Promise<void> => {
  await requireCancellable(ctx, order);
  if (order.status === "confirmed") await moveLines(ctx, order, 1, "order_cancelled", at);
  await ctx.db.patch("orders", order._id, {
    status: "cancelled",
    operation: ctx.principal.operation,
    cancelReason: reason,
    cancelledAt: at,
  });
};
