/** Orders as callers see them. */
import * as z from "zod";
import type { Doc } from "../_generated/dataModel";
import { amount, currency, isoMoment, isoMomentOf, moment } from "./fields";
import { orderStatuses } from "./terms";

export const orderItem = z.object({
  id: z.string(),
  number: z.string(),
  status: z.enum(orderStatuses),
  customerId: z.string(),
  customerName: z.string(),
  totalMinor: amount,
  currency,
  createdAt: moment,
});

export const orderDetail = orderItem.extend({
  lines: z.array(
    z.object({
      productId: z.string(),
      sku: z.string(),
      name: z.string(),
      quantity: z.int(),
      unitPriceMinor: amount,
      lineTotalMinor: amount,
    }),
  ),
  confirmedAt: moment.optional(),
  cancelledAt: moment.optional(),
  cancelReason: z.string().optional(),
  invoiceId: z.string().optional(),
});

// The spread is safe: zod drops members that the schemas above do not name, such as tenantId.
/** An order as an item of a list. */
export const toItem = ({ _id, createdAt, ...row }: Doc<"orders">) => ({
  ...row,
  id: _id,
  createdAt: isoMoment(createdAt),
});

/** An order with its lines. */
export const toDetail = (row: Doc<"orders">): z.input<typeof orderDetail> => ({
  ...toItem(row),
  confirmedAt: isoMomentOf(row.confirmedAt),
  cancelledAt: isoMomentOf(row.cancelledAt),
});
