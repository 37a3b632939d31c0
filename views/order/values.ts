/** What the card shows: an order or an invoice, as the ERP's tools return them. */
import type { FunctionReturnType } from "convex/server";
import type { internal } from "../../convex/_generated/api";

type Erp = (typeof internal)["erp"];

export type Order = FunctionReturnType<Erp["orders"]["get"]>;
export type Invoice = FunctionReturnType<Erp["invoices"]["get"]>;
export type Line = Order["lines"][number];
export type Document = Order | Invoice;

const hasNames = (value: object): boolean =>
  ["id", "number", "customerName", "currency"].every(
    (name) => typeof (value as Record<string, unknown>)[name] === "string",
  );

export const isInvoice = (value: object): value is Invoice =>
  hasNames(value) && "payments" in value && Array.isArray(value.payments);

export const isOrder = (value: object): value is Order =>
  hasNames(value) && "lines" in value && Array.isArray(value.lines);

export const isDocument = (value: object): value is Document => isOrder(value) || isInvoice(value);
