/** The fixed lists of words that the ERP uses, in its tables and in the arguments of its functions. */
import { v } from "convex/values";

/** A validator of one of these words. */
export const oneOf = <const Word extends string>(words: readonly Word[]) =>
  v.union(...words.map((word) => v.literal(word)));

export const orderStatuses = ["draft", "confirmed", "invoiced", "cancelled"] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const invoiceStatuses = ["open", "paid"] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** The reasons for which a person adjusts stock. */
export const adjustmentReasons = ["received", "returned", "damaged", "lost", "counted"] as const;
export type AdjustmentReason = (typeof adjustmentReasons)[number];

/** All reasons for which stock changes: adjustments by people, and the steps of orders. */
export const movementReasons = [
  ...adjustmentReasons,
  "order_confirmed",
  "order_cancelled",
] as const;
export type MovementReason = (typeof movementReasons)[number];

export const paymentMethods = ["bank_transfer", "card", "cash", "direct_debit"] as const;
export type PaymentMethod = (typeof paymentMethods)[number];
