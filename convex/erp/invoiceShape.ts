/** Invoices as callers see them. */
import * as z from "zod";
import type { Doc } from "../_generated/dataModel";
import { openMinor } from "./billing";
import { amount, currency, isoMoment, isoMomentOf, moment } from "./fields";
import type { TenantQueryCtx } from "./functions";
import { invoiceStatuses, paymentMethods } from "./terms";

export const invoiceItem = z.object({
  id: z.string(),
  number: z.string(),
  status: z.enum(invoiceStatuses),
  orderId: z.string(),
  orderNumber: z.string(),
  customerId: z.string(),
  customerName: z.string(),
  totalMinor: amount,
  openMinor: amount.describe("What is still to be paid."),
  currency,
  issuedAt: moment,
});

export const invoiceDetail = invoiceItem.extend({
  paidMinor: amount,
  paidAt: moment.optional(),
  payments: z
    .array(
      z.object({
        id: z.string(),
        amountMinor: amount,
        method: z.enum(paymentMethods),
        reference: z.string(),
        recordedAt: moment,
      }),
    )
    .describe("The newest 50. `paidMinor` counts all."),
});

// The spread is safe: zod drops members that the schemas above do not name, such as tenantId.
/** An invoice as an item of a list. */
export const toItem = ({ _id, issuedAt, ...row }: Doc<"invoices">) => ({
  ...row,
  id: _id,
  openMinor: openMinor(row),
  issuedAt: isoMoment(issuedAt),
});

/** An invoice with its newest 50 payments. */
export const toDetail = async (
  ctx: TenantQueryCtx,
  row: Doc<"invoices">,
): Promise<z.input<typeof invoiceDetail>> => {
  const payments = await ctx.db
    .query("payments")
    .withIndex("by_tenant_invoice_recordedAt", (q) =>
      q.eq("tenantId", ctx.tenant._id).eq("invoiceId", row._id),
    )
    .order("desc")
    .take(50);
  return {
    ...toItem(row),
    paidAt: isoMomentOf(row.paidAt),
    payments: payments.map(({ _id, recordedAt, ...payment }) => ({
      ...payment,
      id: _id,
      recordedAt: isoMoment(recordedAt),
    })),
  };
};
