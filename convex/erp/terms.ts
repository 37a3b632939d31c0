/** The closed lists of words the ERP uses, for its tables and for the arguments of its functions. */

export const orderStatuses = ["draft", "confirmed", "invoiced", "cancelled"] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const invoiceStatuses = ["open", "paid"] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** Why a person adjusts stock. */
export const adjustmentReasons = ["received", "returned", "damaged", "lost", "counted"] as const;

/** Adjustments, and what orders do on their own. */
export const movementReasons = [
  ...adjustmentReasons,
  "order_confirmed",
  "order_cancelled",
] as const;
export type MovementReason = (typeof movementReasons)[number];

export const paymentMethods = ["bank_transfer", "card", "cash", "direct_debit"] as const;
export type PaymentMethod = (typeof paymentMethods)[number];
