import { describe, expect, test } from "vitest";
import {
  addCustomer,
  confirm,
  draft,
  erp,
  newErp,
  refusal,
  rows,
  type Backend,
  type Agent,
} from "./setup";

const invoiced = async (t: Backend, agent: Agent, { quantity = 2, unitPriceMinor = 500 } = {}) => {
  const { order, customerId, productId } = await draft(t, "acme", { quantity, unitPriceMinor });
  await confirm(agent, order);
  const invoice = await agent.mutate(erp.invoices.issue, { orderId: order.id });
  return { order, invoice, customerId, productId };
};

const pay = (agent: Agent, invoiceId: string, amountMinor: number) =>
  agent.mutate(erp.payments.record, { invoiceId, amountMinor, method: "card", reference: "R-1" });

describe("invoices", () => {
  test("take over the order and link both ways", async () => {
    const { t, acme } = await newErp();
    const { order, invoice, customerId } = await invoiced(t, acme);
    expect(invoice).toEqual({
      id: expect.any(String),
      number: "INV-000001",
      status: "open",
      orderId: order.id,
      orderNumber: order.number,
      customerId,
      customerName: "Ada Lovelace",
      totalMinor: 1000,
      paidMinor: 0,
      openMinor: 1000,
      currency: "EUR",
      issuedAt: expect.any(String),
      payments: [],
    });
    expect(await acme.query(erp.invoices.get, { invoiceId: invoice.id })).toEqual(invoice);
    expect(await acme.query(erp.invoices.get, { number: "INV-000001" })).toEqual(invoice);
    const { invoiceId, status } = await acme.query(erp.orders.get, { orderId: order.id });
    expect({ invoiceId, status }).toEqual({ invoiceId: invoice.id, status: "invoiced" });
  });

  test("over nothing are paid at once", async () => {
    const { t, acme } = await newErp();
    const { invoice } = await invoiced(t, acme, { unitPriceMinor: 0 });
    expect(invoice).toMatchObject({ status: "paid", openMinor: 0, paidAt: expect.any(String) });
  });

  test("are asked for by exactly one of id and number", async () => {
    const { acme } = await newErp();
    expect((await refusal(acme.query(erp.invoices.get, {}))).code).toBe("invalid_arguments");
    expect((await refusal(acme.query(erp.orders.get, {}))).code).toBe("invalid_arguments");
  });

  test("are listed by status and customer", async () => {
    const { t, acme } = await newErp();
    const { invoice, customerId: ada, productId } = await invoiced(t, acme, { quantity: 1 });
    const bob = (await addCustomer(acme, "Bob")).id;
    for (const customerId of [ada, bob]) {
      const order = await acme.mutate(erp.orders.create, {
        customerId,
        lines: [{ productId, quantity: 1 }],
      });
      await confirm(acme, order);
      await acme.mutate(erp.invoices.issue, { orderId: order.id });
    }
    await pay(acme, invoice.id, invoice.totalMinor);
    const numbers = async (filter: { status?: "open" | "paid"; customerId?: string }) =>
      (await acme.query(erp.invoices.list, filter)).items
        .map(({ number }) => number.slice(-1))
        .join("");
    expect(await numbers({})).toBe("321");
    expect(await numbers({ status: "open" })).toBe("32");
    expect(await numbers({ customerId: ada })).toBe("21");
    expect(await numbers({ customerId: ada, status: "paid" })).toBe("1");
  });
});

describe("payments", () => {
  test("in parts pay an invoice", async () => {
    const { t, acme } = await newErp();
    const { invoice } = await invoiced(t, acme);
    expect(await pay(acme, invoice.id, 400)).toEqual({
      id: expect.any(String),
      invoiceId: invoice.id,
      invoiceNumber: "INV-000001",
      invoiceStatus: "open",
      amountMinor: 400,
      openMinor: 600,
      currency: "EUR",
      recordedAt: expect.any(String),
    });
    expect(await pay(acme, invoice.id, 600)).toMatchObject({ invoiceStatus: "paid", openMinor: 0 });
    const paid = await acme.query(erp.invoices.get, { invoiceId: invoice.id });
    expect(paid).toMatchObject({
      status: "paid",
      paidMinor: 1000,
      openMinor: 0,
      paidAt: expect.any(String),
    });
    expect(paid.payments.map(({ amountMinor }) => amountMinor)).toEqual([600, 400]);
    expect(Object.keys(paid.payments[0]!).sort()).toEqual([
      "amountMinor",
      "id",
      "method",
      "recordedAt",
      "reference",
    ]);
  });

  test("above what is open are refused and leave nothing behind", async () => {
    const { t, acme } = await newErp();
    const { invoice } = await invoiced(t, acme);
    await pay(acme, invoice.id, 400);
    const { code, message } = await refusal(pay(acme, invoice.id, 601));
    expect(code).toBe("overpayment");
    expect(message).toContain("600");
    expect(await rows(t, "payments")).toHaveLength(1);
    expect((await acme.query(erp.invoices.get, { invoiceId: invoice.id })).openMinor).toBe(600);
  });

  test("on a paid invoice are refused", async () => {
    const { t, acme } = await newErp();
    const { invoice } = await invoiced(t, acme);
    await pay(acme, invoice.id, 1000);
    const { code, message } = await refusal(pay(acme, invoice.id, 1));
    expect(code).toBe("wrong_state");
    expect(message).toContain("paid");
  });

  test("in parallel never exceed the invoice", async () => {
    const { t, acme } = await newErp();
    const { invoice } = await invoiced(t, acme);
    const calls = await Promise.allSettled(
      Array.from({ length: 30 }, () => pay(acme, invoice.id, 100)),
    );
    expect(calls.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    const sum = (await rows(t, "payments")).reduce(
      (total, { amountMinor }) => total + amountMinor,
      0,
    );
    expect(sum).toBe(1000);
  });
});
