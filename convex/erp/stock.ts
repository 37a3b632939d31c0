/** The functions of the stock tools: the stock on hand, its movements, and adjustments by people. */
import { v, type Infer } from "convex/values";
import { field } from "../../src/entry/functions";
import type { Doc } from "../_generated/dataModel";
import { fail } from "./fail";
import { count, given, idArg, isoMoment, moment, written } from "./fields";
import { tenantMutation, tenantQuery } from "./functions";
import { only } from "./only";
import { ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { moveStock, onHand } from "./stockLedger";
import { adjustmentReasons, movementReasons, oneOf, type AdjustmentReason } from "./terms";

const stockLevel = v.object({
  productId: v.string(),
  sku: v.string(),
  name: v.string(),
  /** In pieces. */
  onHand: count,
});

const movementItem = v.object({
  id: v.string(),
  /** Positive: came in. Negative: went out. */
  quantity: count,
  reason: oneOf(movementReasons),
  note: v.optional(v.string()),
  orderId: v.optional(v.string()),
  orderNumber: v.optional(v.string()),
  /** Who caused it. */
  by: v.string(),
  at: moment,
});

const toLevel = (
  { _id, sku, name }: Doc<"products">,
  pieces: number,
): Infer<typeof stockLevel> => ({
  productId: _id,
  sku,
  name,
  onHand: pieces,
});

/**
 * The pieces of a product on hand.
 *
 * @throws ConvexError `not_found`
 */
export const level = tenantQuery({
  args: { productId: idArg("product") },
  returns: stockLevel,
  handler: async (ctx, { productId }) => {
    const product = await ownRow(ctx, "products", productId);
    return toLevel(product, await onHand(ctx, product._id));
  },
});

/** What a reason says of where the pieces went. A count may find more of them or fewer. */
const signOf: Readonly<Record<AdjustmentReason, "positive" | "negative" | "either">> = {
  received: "positive",
  returned: "positive",
  damaged: "negative",
  lost: "negative",
  counted: "either",
};

/** @throws ConvexError `invalid_arguments` if the pieces went the other way than the reason says */
const requireSign = (quantity: number, reason: AdjustmentReason): void => {
  const sign = quantity > 0 ? "positive" : "negative";
  const expected = signOf[reason];
  if (expected === sign || expected === "either") return;
  const others = adjustmentReasons.filter((one) => [sign, "either"].includes(signOf[one]));
  fail(
    "invalid_arguments",
    `quantity: expected a ${expected} number, since the reason is ${reason}, got ${quantity}. ` +
      `Reasons for a ${sign} one: ${others.join(", ")}. Nothing was changed.`,
  );
};

/**
 * Changes the stock of a product by a signed number of pieces.
 *
 * @throws ConvexError `invalid_arguments` if the sign does not go with the reason, `not_found`, `insufficient_stock`
 */
export const adjust = tenantMutation({
  args: {
    productId: idArg("product"),
    quantity: field(v.number(), {
      type: "integer",
      minimum: -100_000,
      maximum: 100_000,
      check: [(pieces) => pieces !== 0, "must not be 0"],
      description: "Pieces that came in (positive) or went out (negative). Not 0.",
    }),
    reason: field(oneOf(adjustmentReasons), {
      description:
        "Positive: received, returned (by a customer). Negative: damaged, lost. Either: counted (corrects to a count).",
    }),
    note: v.optional(written("Anything a colleague should know: delivery note, cause.", 500)),
  },
  returns: stockLevel,
  handler: async (ctx, { productId, quantity, reason, note }) => {
    requireSign(quantity, reason);
    const product = await ownRow(ctx, "products", productId);
    const move = { productId: product._id, sku: product.sku, quantity };
    await moveStock(ctx, [move], given({ reason, note }), Date.now());
    return toLevel(product, await onHand(ctx, product._id));
  },
});

const toMovement = ({ _id, at, ...row }: Doc<"stockMovements">) =>
  only(movementItem, { ...row, id: _id, at: isoMoment(at) });

/**
 * One page of a product's movements, newest first.
 *
 * @throws ConvexError `not_found`, `bad_cursor`
 */
export const movements = tenantQuery({
  args: { productId: idArg("product"), ...pageArgs },
  returns: pageOf(movementItem),
  handler: async (ctx, { productId, ...page }) => {
    const product = await ownRow(ctx, "products", productId);
    const newestFirst = ctx.db
      .query("stockMovements")
      .withIndex("by_tenant_product_at", (q) =>
        q.eq("tenantId", ctx.tenant._id).eq("productId", product._id),
      )
      .order("desc");
    const { items, nextCursor } = await paginate(newestFirst, page, [
      "stock_movements",
      ctx.tenant._id,
      product._id,
    ]);
    return { items: items.map(toMovement), nextCursor };
  },
});
