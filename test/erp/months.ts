/** The totals of a month, by another way than the ERP's: a plain sum over the rows. */
import { rows, type Backend } from "./setup";

/** The month of a moment, as YYYY-MM, in UTC. */
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

/** What `periods_close` has to post, from the rows as they are now. */
export const naiveTotals = async (t: Backend, period: string, slug = "acme") => {
  const { _id } = (await rows(t, "tenants")).find((tenant) => tenant.slug === slug)!;
  const counts = (row: { tenantId: string }, at: number) =>
    row.tenantId === _id && monthOf(at) === period;
  const orders = (await rows(t, "orders")).filter(
    (row) => counts(row, row.createdAt) && ["confirmed", "invoiced"].includes(row.status),
  );
  const invoices = (await rows(t, "invoices")).filter((row) => counts(row, row.issuedAt));
  const payments = (await rows(t, "payments")).filter((row) => counts(row, row.recordedAt));
  return {
    orders: orders.length,
    ordersMinor: sum(orders.map(({ totalMinor }) => totalMinor)),
    invoices: invoices.length,
    invoicesMinor: sum(invoices.map(({ totalMinor }) => totalMinor)),
    paidMinor: sum(payments.map(({ amountMinor }) => amountMinor)),
  };
};
