/** ERP records as Markdown documents, for clients that read resources. */
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { openMinor } from "./billing";
import { isoMoment } from "./fields";
import { tenantQuery, type TenantQueryCtx } from "./functions";
import { plain, table } from "./markdown";
import { money } from "./money";
import { onHand } from "./stockLedger";

const document = v.union(v.object({ text: v.string() }), v.null());

/** A product with its price and stock, or null if no product has this SKU. */
export const productSheet = tenantQuery({
  args: { sku: v.string() },
  returns: document,
  handler: async (ctx, { sku }) => {
    const { currency } = ctx.tenant;
    const product = await ctx.db
      .query("products")
      .withIndex("by_tenant_sku", (q) => q.eq("tenantId", ctx.tenant._id).eq("sku", sku))
      .unique();
    if (product === null) return null;
    const rows = [
      ["SKU", plain(product.sku)],
      ["Price", money(product.unitPriceMinor, currency)],
      ["On hand", String(await onHand(ctx, product._id))],
    ];
    return { text: `# ${plain(product.name)}\n\n${table(["", ""], rows)}\n` };
  },
});

const linesOf = async (ctx: TenantQueryCtx, invoice: Doc<"invoices">): Promise<string> => {
  const order = await ctx.db.get("orders", invoice.orderId);
  return table(
    ["Quantity", "Article", "Each", "Total"],
    (order?.lines ?? []).map((line) => [
      String(line.quantity),
      `${plain(line.name)} (${plain(line.sku)})`,
      money(line.unitPriceMinor, invoice.currency),
      money(line.lineTotalMinor, invoice.currency),
    ]),
  );
};

/** An invoice with its lines and amounts, or null if no invoice has this number. */
export const invoice = tenantQuery({
  args: { number: v.string() },
  returns: document,
  handler: async (ctx, { number }) => {
    const found = await ctx.db
      .query("invoices")
      .withIndex("by_tenant_number", (q) => q.eq("tenantId", ctx.tenant._id).eq("number", number))
      .unique();
    if (found === null) return null;
    const { currency } = found;
    const head = [
      `# Invoice ${found.number}`,
      `Issued ${isoMoment(found.issuedAt).slice(0, 10)} by ${plain(ctx.tenant.name)} for ${plain(found.customerName)}, order ${found.orderNumber}.`,
    ];
    const foot = `Total ${money(found.totalMinor, currency)}, paid ${money(found.paidMinor, currency)}, open ${money(openMinor(found), currency)}.`;
    return { text: `${[...head, await linesOf(ctx, found), foot].join("\n\n")}\n` };
  },
});

const customerCount = 1000;

/** The company at a glance: its customers and open invoices. It counts at most 1,000 of each. */
export const overview = tenantQuery({
  args: {},
  returns: document,
  handler: async (ctx) => {
    const { name, currency } = ctx.tenant;
    const customers = await ctx.db
      .query("customers")
      .withIndex("by_tenant", (q) => q.eq("tenantId", ctx.tenant._id))
      .take(customerCount);
    const open = await ctx.db
      .query("invoices")
      .withIndex("by_tenant_status_issuedAt", (q) =>
        q.eq("tenantId", ctx.tenant._id).eq("status", "open"),
      )
      .take(customerCount);
    const due = open.reduce((sum, one) => sum + openMinor(one), 0);
    const more = (count: number) => `${count}${count === customerCount ? " or more" : ""}`;
    return {
      text: `# ${plain(name)}\n\n${more(customers.length)} customers. ${more(open.length)} open invoices over ${money(due, currency)}. All amounts in ${currency}.\n`,
    };
  },
});
