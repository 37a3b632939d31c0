/** The function of the payment tool. */
import { v } from "convex/values";
import { field } from "../../src/entry/functions";
import { openMinor, recordPayment } from "./billing";
import { amount, amountArg, currency, idArg, isoMoment, moment, written } from "./fields";
import { tenantMutation } from "./functions";
import { ownRow } from "./ownRow";
import { invoiceStatuses, oneOf, paymentMethods } from "./terms";

/**
 * Records a payment on an invoice.
 *
 * @throws ConvexError `not_found`, `wrong_state`, `overpayment`
 */
export const record = tenantMutation({
  args: {
    invoiceId: idArg("invoice"),
    amountMinor: amountArg(1, "What was paid; at most what is open on the invoice."),
    method: field(oneOf(paymentMethods), { description: "How it was paid." }),
    reference: written("What identifies the payment: bank reference, receipt number.", 100),
  },
  returns: v.object({
    id: v.string(),
    invoiceId: v.string(),
    invoiceNumber: v.string(),
    invoiceStatus: oneOf(invoiceStatuses),
    amountMinor: amount,
    /** What is still to be paid after this payment. */
    openMinor: amount,
    currency,
    recordedAt: moment,
  }),
  handler: async (ctx, { invoiceId, ...payment }) => {
    const at = Date.now();
    const id = await recordPayment(ctx, await ownRow(ctx, "invoices", invoiceId), payment, at);
    const invoice = await ownRow(ctx, "invoices", invoiceId);
    return {
      id,
      invoiceId: invoice._id,
      invoiceNumber: invoice.number,
      invoiceStatus: invoice.status,
      amountMinor: payment.amountMinor,
      openMinor: openMinor(invoice),
      currency: invoice.currency,
      recordedAt: isoMoment(at),
    };
  },
});
