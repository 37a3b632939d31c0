/** Says which calls of an agent a person must approve: what moves much money, and stock that is written off. A tenant sets the amount. */
import { v, type Infer } from "convex/values";
import { approvalValidator } from "../../src/entry/functions";
import { openMinor } from "./billing";
import { idArg } from "./fields";
import { askingQuery, tenantQuery, type TenantContext } from "./functions";
import { money } from "./money";
import { ownRow } from "./ownRow";
import { onHand } from "./stockLedger";

const returns = approvalValidator();

type Approval = Infer<typeof returns>;
type Summary = NonNullable<Approval["summary"]>;

const NOT_NEEDED = { needed: false };

/** The most lines of an order that are shown. */
const MAX_LINES = 10;

/** The longest name that is shown, in characters: a summary has 4 KB, and nobody limits names. */
const LONGEST = 100;

const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;

const line = (label: string, value: string) => ({ label: short(label), value: short(value) });

/**
 * Asks for approval of an amount above that of the tenant.
 *
 * @param beforeMinor - what went the same way before: parts count together, or each of them would pass.
 */
const above = async (
  { tenant: { approveAboveMinor, currency } }: TenantContext,
  amountMinor: number,
  summary: () => Promise<Omit<Summary, "amount">>,
  beforeMinor = 0,
): Promise<Approval> => {
  if (approveAboveMinor === undefined || beforeMinor + amountMinor <= approveAboveMinor)
    return NOT_NEEDED;
  const together = amountMinor > approveAboveMinor ? "" : "with what was paid before, ";
  return {
    needed: true,
    reason: `${together}it is above the limit of ${money(approveAboveMinor, currency)}`,
    summary: { amount: money(amountMinor, currency), ...(await summary()) },
  };
};

/** For `payments_record`. @throws ConvexError `not_found` */
export const payment = tenantQuery({
  args: {
    invoiceId: idArg("invoice"),
    amountMinor: v.number(),
    method: v.string(),
    reference: v.string(),
  },
  returns,
  handler: async (ctx, { invoiceId, amountMinor, method, reference }) => {
    const invoice = await ownRow(ctx, "invoices", invoiceId);
    const summary = async () => ({
      title: `Record a payment of ${short(invoice.customerName)} on invoice ${invoice.number}`,
      lines: [
        line("Still open before it", money(openMinor(invoice), invoice.currency)),
        line("Method", method),
        line("Reference", reference),
      ],
    });
    return above(ctx, amountMinor, summary, invoice.paidMinor);
  },
});

/** For `invoices_issue`. @throws ConvexError `not_found` */
export const invoice = askingQuery({
  args: { orderId: idArg("order"), confirm: v.optional(v.boolean()) },
  returns,
  handler: async (ctx, { orderId }) => {
    const order = await ownRow(ctx, "orders", orderId);
    const shown = order.lines.slice(0, MAX_LINES);
    const more = order.lines.length - shown.length;
    return above(ctx, order.totalMinor, async () => ({
      title: `Issue the invoice of order ${order.number} to ${short(order.customerName)}`,
      lines: [
        ...shown.map(({ quantity, name, lineTotalMinor }) =>
          line(`${String(quantity)} × ${name}`, money(lineTotalMinor, order.currency)),
        ),
        ...(more > 0 ? [line("And more lines", String(more))] : []),
      ],
    }));
  },
});

/** Whether the pieces are gone for good. A count that finds fewer says so too. */
const isWriteOff = (quantity: number): boolean => quantity < 0;

/** For `stock_adjust`: stock that is written off, whatever it is worth. @throws ConvexError `not_found` */
export const writeOff = tenantQuery({
  args: {
    productId: idArg("product"),
    quantity: v.number(),
    reason: v.string(),
    note: v.optional(v.string()),
  },
  returns,
  handler: async (ctx, { productId, quantity, reason, note }): Promise<Approval> => {
    const product = await ownRow(ctx, "products", productId);
    if (ctx.tenant.approveAboveMinor === undefined || !isWriteOff(quantity)) return NOT_NEEDED;
    const pieces = Math.abs(quantity);
    return {
      needed: true,
      reason: "it writes off stock",
      summary: {
        title: `Write off ${String(pieces)} of ${short(product.name)} (${product.sku})`,
        amount: money(pieces * product.unitPriceMinor, ctx.tenant.currency),
        lines: [
          line("On hand before it", String(await onHand(ctx, product._id))),
          line("Reason", reason),
          ...(note === undefined ? [] : [line("Note", note)]),
        ],
      },
    };
  },
});
