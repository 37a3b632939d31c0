/** Keeps the stock on hand and the movements that explain it. No other file writes the tables `stockLevels` and `stockMovements`. */
import type { Doc, Id } from "../_generated/dataModel";
import { fail } from "./fail";
import type { TenantMutationCtx, TenantQueryCtx } from "./functions";
import type { MovementReason } from "./terms";

/** A change of one product's stock. `quantity` is signed, in pieces. */
export interface Move {
  readonly productId: Id<"products">;
  readonly sku: string;
  readonly quantity: number;
}

/** The reason of a change. Each movement stores it. */
export interface Cause {
  readonly reason: MovementReason;
  readonly note?: string;
  readonly order?: Pick<Doc<"orders">, "_id" | "number">;
}

const levelOf = (
  ctx: TenantQueryCtx,
  productId: Id<"products">,
): Promise<Doc<"stockLevels"> | null> =>
  ctx.db
    .query("stockLevels")
    .withIndex("by_tenant_product", (q) =>
      q.eq("tenantId", ctx.tenant._id).eq("productId", productId),
    )
    .unique();

/** The pieces of a product on hand. */
export const onHand = async (ctx: TenantQueryCtx, productId: Id<"products">): Promise<number> =>
  (await levelOf(ctx, productId))?.onHand ?? 0;

/** Adds up the moves of each product, since an order may have two lines of the same product. */
const perProduct = (moves: readonly Move[]): Move[] => {
  const sums = new Map<Id<"products">, Move>();
  for (const move of moves) {
    const quantity = (sums.get(move.productId)?.quantity ?? 0) + move.quantity;
    sums.set(move.productId, { ...move, quantity });
  }
  return [...sums.values()];
};

const refuseShortage = (changes: readonly { move: Move; before: number }[]): void => {
  const short = changes.filter(({ move, before }) => before + move.quantity < 0);
  if (short.length === 0) return;
  const list = short
    .slice(0, 10)
    .map(({ move, before }) => `${move.sku}: ${before} on hand, ${-move.quantity} needed`);
  fail("insufficient_stock", `Not enough stock, so nothing was changed. ${list.join("; ")}.`);
};

/**
 * Changes the stock of all products in `moves`, or of no product.
 *
 * @param at - the time of the change, in milliseconds since 1970.
 * @throws ConvexError `insufficient_stock` if any product would fall below zero.
 */
export const moveStock = async (
  ctx: TenantMutationCtx,
  moves: readonly Move[],
  { order, ...cause }: Cause,
  at: number,
): Promise<void> => {
  const changes = await Promise.all(
    perProduct(moves).map(async (move) => {
      const level = await levelOf(ctx, move.productId);
      return { move, level, before: level?.onHand ?? 0 };
    }),
  );
  refuseShortage(changes);
  const tenantId = ctx.tenant._id;
  const { subject: by, operation } = ctx.principal;
  for (const { move, level, before } of changes) {
    const { productId, quantity } = move;
    const now = { onHand: before + quantity, operation };
    if (level === null) await ctx.db.insert("stockLevels", { tenantId, productId, ...now });
    else await ctx.db.patch("stockLevels", level._id, now);
    const origin = order && { orderId: order._id, orderNumber: order.number };
    await ctx.db.insert("stockMovements", {
      tenantId,
      productId,
      quantity,
      ...cause,
      ...origin,
      by,
      at,
      operation,
    });
  }
};
