/** Orders as callers see them. */
import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { amount, count, currency, isoMoment, isoMomentOf, moment } from "./fields";
import { only } from "./only";
import { oneOf, orderStatuses } from "./terms";

export const orderItem = v.object({
  id: v.string(),
  number: v.string(),
  status: oneOf(orderStatuses),
  customerId: v.string(),
  customerName: v.string(),
  totalMinor: amount,
  currency,
  createdAt: moment,
});

const line = v.object({
  productId: v.string(),
  sku: v.string(),
  name: v.string(),
  quantity: count,
  unitPriceMinor: amount,
  lineTotalMinor: amount,
});

export const orderDetail = orderItem.extend({
  lines: v.array(line),
  confirmedAt: v.optional(moment),
  cancelledAt: v.optional(moment),
  cancelReason: v.optional(v.string()),
  invoiceId: v.optional(v.string()),
});

/** An order as an item of a list. */
export const toItem = ({ _id, createdAt, ...row }: Doc<"orders">) =>
  only(orderItem, { ...row, id: _id, createdAt: isoMoment(createdAt) });

/** An order with its lines. */
export const toDetail = ({ _id, createdAt, confirmedAt, cancelledAt, ...row }: Doc<"orders">) =>
  only(orderDetail, {
    ...row,
    id: _id,
    createdAt: isoMoment(createdAt),
    confirmedAt: isoMomentOf(confirmedAt),
    cancelledAt: isoMomentOf(cancelledAt),
  });
