/** The functions of the product tools. */
import { v, type Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { requireExactlyOne } from "./exactlyOne";
import { fail } from "./fail";
import { amount, currency, idArg, lookup, textArg } from "./fields";
import {
  tenantQuery,
  type TenantContext,
  type TenantMutationCtx,
  type TenantQueryCtx,
} from "./functions";
import { notFound, ownRow } from "./ownRow";
import { pageArgs, pageOf, paginate } from "./pages";
import { searchPage } from "./search";
import { keepTexts } from "./searchTexts";

const productItem = v.object({
  id: v.string(),
  sku: v.string(),
  name: v.string(),
  /** The price of one piece. */
  unitPriceMinor: amount,
  currency,
});

const toItem = (
  ctx: TenantContext,
  { _id, sku, name, unitPriceMinor }: Doc<"products">,
): Infer<typeof productItem> => ({
  id: _id,
  sku,
  name,
  unitPriceMinor,
  currency: ctx.tenant.currency,
});

const bySku = (ctx: TenantQueryCtx, sku: string): Promise<Doc<"products"> | null> =>
  ctx.db
    .query("products")
    .withIndex("by_tenant_sku", (q) => q.eq("tenantId", ctx.tenant._id).eq("sku", sku))
    .unique();

/**
 * Adds a product and returns its id. No tool does this; the demo data does.
 *
 * @throws ConvexError `sku_taken`
 */
export const insertProduct = async (
  ctx: TenantMutationCtx,
  product: Pick<Doc<"products">, "sku" | "name" | "unitPriceMinor">,
): Promise<Id<"products">> => {
  if ((await bySku(ctx, product.sku)) !== null)
    return fail("sku_taken", "Another product has this SKU.");
  const { operation } = ctx.principal;
  const owned = { tenantId: ctx.tenant._id, operation };
  const id = await ctx.db.insert("products", { ...product, ...owned });
  await keepTexts(ctx, "products", id, [product.sku, product.name]);
  return id;
};

/** One page of products: all of them by SKU, or those that match `text`. */
export const search = tenantQuery({
  args: { text: textArg("the product's SKU or name"), ...pageArgs },
  returns: pageOf(productItem),
  handler: async (ctx, { text, ...page }) => {
    const scope = ["products_search", ctx.tenant._id, text];
    const { items, nextCursor } =
      text === undefined
        ? await paginate(
            ctx.db
              .query("products")
              .withIndex("by_tenant_sku", (q) => q.eq("tenantId", ctx.tenant._id)),
            page,
            scope,
          )
        : await searchPage(ctx, "products", text, page, scope);
    return { items: items.map((row) => toItem(ctx, row)), nextCursor };
  },
});

/**
 * One product by its id or SKU.
 *
 * @throws ConvexError `invalid_arguments` unless exactly one is given, `not_found`
 */
export const get = tenantQuery({
  args: {
    productId: v.optional(idArg("product")),
    sku: v.optional(lookup("Article number, exactly as written: ACM-0001.", 40)),
  },
  returns: productItem,
  handler: async (ctx, { productId, sku }) => {
    requireExactlyOne({ productId, sku });
    const row =
      productId !== undefined ? await ownRow(ctx, "products", productId) : await bySku(ctx, sku!);
    return toItem(ctx, row ?? notFound("products"));
  },
});
