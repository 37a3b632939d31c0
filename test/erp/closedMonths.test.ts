/** What counts in a closed month stays as it was posted, whatever is done after the close. */
import { describe, expect, test, vi } from "vitest";
import { issueInvoice, recordPayment } from "../../convex/erp/billing";
import { addProduct, addCustomer, as, confirm, erp, refusal, rows } from "./setup";
import {
  JULY,
  AUGUST,
  beginInJuly,
  principalOf,
  startClose,
  expectTrue,
  newBooks,
  cancel,
  pay,
} from "./books";

beginInJuly();

describe("in a closed month", () => {
  const closedBooks = async () => {
    const books = await newBooks();
    expect(await startClose(books.t, "2026-07", "close-1").end()).toMatchObject({
      result: { period: "2026-07", orders: 2, ordersMinor: 2000, invoices: 1, paidMinor: 0 },
    });
    return books;
  };

  test("a draft is not confirmed; it can be cancelled, and drafted anew", async () => {
    const { t, acme, orders, draft } = await closedBooks();
    expect(await refusal(confirm(acme, orders.draft))).toEqual({
      code: "period_closed",
      message: `Order ${orders.draft.number} cannot be confirmed: its month, 2026-07, is closed. Cancel it with orders_cancel, and draft it again with orders_create: the new order is of the open month.`,
    });
    expect((await cancel(acme, orders.draft)).status).toBe("cancelled");
    expect((await confirm(acme, await draft())).status).toBe("confirmed");
    await expectTrue(t);
  });

  test("a confirmed order is not cancelled, and nobody is asked; its goods can come back", async () => {
    const { t, acme, orders } = await closedBooks();
    const expected = {
      code: "period_closed",
      message: `Order ${orders.confirmed.number} cannot be cancelled: its month, 2026-07, is closed. Correct it in the open month: stock_adjust with the reason returned takes its goods back, and the order stays as it is.`,
    };
    expect(await refusal(cancel(acme, orders.confirmed))).toEqual(expected);
    const asked = t.mutation(erp.orders.cancel, {
      ...{ principal: principalOf("o"), orderId: orders.confirmed.id, reason: "test" },
      input: { can: ["elicitation"], answers: "{}" },
    });
    expect(await refusal(asked)).toEqual(expected);
    const { productId } = orders.confirmed.lines[0]!;
    const back = { productId, quantity: 2, reason: "returned" } as const;
    expect((await acme.mutate(erp.stock.adjust, back)).onHand).toBe(98);
    await expectTrue(t);
  });

  test("an old order is invoiced today, and an old invoice paid: no posted total has them", async () => {
    const { t, acme, orders, invoice } = await closedBooks();
    const [posted] = await rows(t, "periodCloses");
    const late = await acme.mutate(erp.invoices.issue, { orderId: orders.confirmed.id });
    expect(late.issuedAt).toMatch(/^2026-08-10/);
    expect(await pay(acme, invoice.id, 1000)).toMatchObject({ invoiceStatus: "paid" });
    expect(await rows(t, "periodCloses")).toEqual([posted]);
    await expectTrue(t);
    vi.setSystemTime(Date.UTC(2026, 8, 1));
    expect(await startClose(t, "2026-08", "close-2").end()).toMatchObject({
      result: { orders: 0, invoices: 1, invoicesMinor: 1000, paidMinor: 1000 },
    });
  });

  test("nothing is dated into it", async () => {
    const { t, orders, invoice } = await closedBooks();
    const attempt = (work: "invoice" | "payment") =>
      t.run(async (ctx) => {
        const tenant = (await ctx.db.query("tenants").first())!;
        const own = { db: ctx.db, tenant, principal: principalOf("o") };
        const row = async <Table extends "orders" | "invoices">(table: Table, id: string) =>
          (await ctx.db.get(ctx.db.normalizeId(table, id)!))!;
        if (work === "invoice")
          return issueInvoice(own, await row("orders", orders.confirmed.id), JULY);
        const payment = { amountMinor: 1, method: "cash", reference: "R" } as const;
        return recordPayment(own, await row("invoices", invoice.id), payment, JULY);
      });
    const refused = ["An invoice cannot be issued", "A payment cannot be recorded"];
    for (const [at, work] of (["invoice", "payment"] as const).entries()) {
      expect(await refusal(attempt(work))).toEqual({
        code: "period_closed",
        message: `${refused[at]}: its month, 2026-07, is closed. Date it into the open month.`,
      });
    }
    await expectTrue(t);
  });

  test("another company is not bound by it", async () => {
    const { t } = await closedBooks();
    vi.setSystemTime(JULY);
    const globex = as(t, "globex");
    const productId = await addProduct(t, "globex", { sku: "A", unitPriceMinor: 1, stock: 9 });
    const { id: customerId } = await addCustomer(globex);
    const lines = [{ productId, quantity: 1 }];
    const order = await globex.mutate(erp.orders.create, { customerId, lines });
    vi.setSystemTime(AUGUST);
    await confirm(globex, order);
    expect((await cancel(globex, order)).status).toBe("cancelled");
  });
});
