/** Issues invoices and records payments. No other file writes the tables `invoices` and `payments`. */
import type { Doc, Id } from "../_generated/dataModel";
import { nextInvoiceNumber } from "./invoiceNumber";
import { fail } from "./fail";
import type { TenantMutationCtx } from "./functions";
import { money } from "./money";
import { requireStep } from "./orderSteps";
import { requireUnlocked } from "./periodLocks";

/** The amount of an invoice that is not paid yet, in minor units. */
export const openMinor = ({
  totalMinor,
  paidMinor,
}: Pick<Doc<"invoices">, "totalMinor" | "paidMinor">): number => totalMinor - paidMinor;

/** An invoice is paid as soon as its open amount is 0. An invoice over 0 is paid when it is issued. */
const settlement = (totalMinor: number, paidMinor: number, at: number) =>
  paidMinor < totalMinor
    ? ({ paidMinor, status: "open" } as const)
    : ({ paidMinor, status: "paid", paidAt: at } as const);

/** What is invoiced and paid counts by its own day, not by that of the order. */
const TODAY = "Date it into the open month.";

/**
 * Issues the invoice of a confirmed order, under the next number of the tenant's gapless series.
 *
 * @param at - the time of issue, in milliseconds since 1970.
 * @returns the id of the invoice.
 * @throws ConvexError `wrong_state` if the order is not confirmed, `period_closed` if `at` lies in a closed month.
 */
export const issueInvoice = async (
  ctx: TenantMutationCtx,
  order: Doc<"orders">,
  at: number,
): Promise<Id<"invoices">> => {
  requireStep(order, "invoiced");
  await requireUnlocked(ctx, at, "An invoice cannot be issued", TODAY);
  const {
    _id: orderId,
    number: orderNumber,
    tenantId,
    customerId,
    customerName,
    totalMinor,
    currency,
  } = order;
  const { operation } = ctx.principal;
  const invoiceId = await ctx.db.insert("invoices", {
    operation,
    ...{ tenantId, orderId, orderNumber, customerId, customerName, totalMinor, currency },
    ...settlement(totalMinor, 0, at),
    number: await nextInvoiceNumber(ctx),
    issuedAt: at,
  });
  await ctx.db.patch("orders", orderId, { status: "invoiced", invoiceId, operation });
  return invoiceId;
};

/**
 * Records a payment on an open invoice. The invoice becomes `paid` once its open amount is 0.
 *
 * @param at - the time of payment, in milliseconds since 1970.
 * @returns the id of the payment.
 * @throws ConvexError `wrong_state` if the invoice is paid, `overpayment` if the payment exceeds the open amount, `period_closed` if
 * `at` lies in a closed month.
 */
export const recordPayment = async (
  ctx: TenantMutationCtx,
  invoice: Doc<"invoices">,
  payment: Pick<Doc<"payments">, "amountMinor" | "method" | "reference">,
  at: number,
): Promise<Id<"payments">> => {
  const { _id: invoiceId, tenantId, number, status, totalMinor, currency } = invoice;
  if (status === "paid") {
    return fail(
      "wrong_state",
      `Invoice ${number} is paid: nothing is open on it, so it takes no payment. That is final.`,
    );
  }
  const open = openMinor(invoice);
  if (payment.amountMinor > open) {
    return fail(
      "overpayment",
      `Only ${money(open, currency)} (amountMinor ${open}) are open on invoice ${number}. Nothing was recorded.`,
    );
  }
  await requireUnlocked(ctx, at, "A payment cannot be recorded", TODAY);
  const { subject: recordedBy, operation } = ctx.principal;
  const paidMinor = invoice.paidMinor + payment.amountMinor;
  await ctx.db.patch("invoices", invoiceId, {
    ...settlement(totalMinor, paidMinor, at),
    operation,
  });
  return ctx.db.insert("payments", {
    ...{ tenantId, invoiceId, ...payment, recordedBy, recordedAt: at },
    operation,
  });
};
