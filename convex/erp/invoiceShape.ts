/** Invoices as callers see them. */
import { v, type Infer } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { openMinor } from "./billing";
import { amount, currency, isoMoment, isoMomentOf, moment } from "./fields";
import type { TenantQueryCtx } from "./functions";
import { only } from "./only";
import { invoiceStatuses, oneOf, paymentMethods } from "./terms";

export const invoiceItem = v.object({
  id: v.string(),
  number: v.string(),
  status: oneOf(invoiceStatuses),
  orderId: v.string(),
  orderNumber: v.string(),
  customerId: v.string(),
  customerName: v.string(),
  totalMinor: amount,
  /** What is still to be paid. */
  openMinor: amount,
  currency,
  issuedAt: moment,
});

const payment = v.object({
  id: v.string(),
  amountMinor: amount,
  method: oneOf(paymentMethods),
  reference: v.string(),
  recordedAt: moment,
});

export const invoiceDetail = invoiceItem.extend({
  paidMinor: amount,
  paidAt: v.optional(moment),
  /** The newest 50. `paidMinor` counts all. */
  payments: v.array(payment),
});

/** An invoice as an item of a list. */
export const toItem = ({ _id, issuedAt, ...row }: Doc<"invoices">) =>
  only(invoiceItem, {
    ...row,
    id: _id,
    openMinor: openMinor(row),
    issuedAt: isoMoment(issuedAt),
  });

const toPayment = ({ _id, recordedAt, ...row }: Doc<"payments">) =>
  only(payment, { ...row, id: _id, recordedAt: isoMoment(recordedAt) });

/** An invoice with its newest 50 payments. */
export const toDetail = async (
  ctx: TenantQueryCtx,
  row: Doc<"invoices">,
): Promise<Infer<typeof invoiceDetail>> => {
  const payments = await ctx.db
    .query("payments")
    .withIndex("by_tenant_invoice_recordedAt", (q) =>
      q.eq("tenantId", ctx.tenant._id).eq("invoiceId", row._id),
    )
    .order("desc")
    .take(50);
  return only(invoiceDetail, {
    ...toItem(row),
    paidMinor: row.paidMinor,
    paidAt: isoMomentOf(row.paidAt),
    payments: payments.map(toPayment),
  });
};
