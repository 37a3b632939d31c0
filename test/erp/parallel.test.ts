import { expect, test } from "vitest";
import { addCustomer, addProduct, as, confirm, draft, erp, newErp, rows } from "./setup";

test("100 parallel buyers of 10 pieces: exactly 10 orders are confirmed", async () => {
  const { t, acme } = await newErp();
  const productId = await addProduct(t, "acme", { sku: "LAST", unitPriceMinor: 100, stock: 10 });
  const { id: customerId } = await addCustomer(acme);
  const buy = async () =>
    confirm(
      acme,
      await acme.mutate(erp.orders.create, { customerId, lines: [{ productId, quantity: 1 }] }),
    );
  const calls = await Promise.allSettled(Array.from({ length: 100 }, buy));
  expect(calls.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  expect((await acme.query(erp.stock.level, { productId })).onHand).toBe(0);
  const orders = await rows(t, "orders");
  expect(orders.filter(({ status }) => status === "confirmed")).toHaveLength(10);
  expect(new Set(orders.map(({ number }) => number)).size).toBe(100);
  let level = 0;
  for (const { quantity } of await rows(t, "stockMovements")) {
    level += quantity;
    expect(level).toBeGreaterThanOrEqual(0);
  }
  expect(level).toBe(0);
});

test("parallel issues, some of them refused, leave no gap in the invoice numbers of either tenant", async () => {
  const { t } = await newErp();
  const issues = [];
  for (const tenant of ["acme", "globex"]) {
    const agent = as(t, tenant);
    const { customerId, productId } = await draft(t, tenant, { stock: 100 });
    const ids: string[] = [];
    for (let index = 0; index < 15; index += 1) {
      const order = await agent.mutate(erp.orders.create, {
        customerId,
        lines: [{ productId, quantity: 1 }],
      });
      // Every third stays a draft and cannot be invoiced.
      if (index % 3 !== 0) await confirm(agent, order);
      ids.push(order.id);
    }
    // Each is asked for twice.
    issues.push(
      ...[...ids, ...ids].map((orderId) => agent.mutate(erp.invoices.issue, { orderId })),
    );
  }
  const outcomes = await Promise.allSettled(issues);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
  const expected = Array.from(
    { length: 10 },
    (_, index) => `INV-${String(index + 1).padStart(6, "0")}`,
  );
  const invoices = await rows(t, "invoices");
  for (const tenantId of new Set(invoices.map((invoice) => invoice.tenantId))) {
    const numbers = invoices
      .filter((invoice) => invoice.tenantId === tenantId)
      .map(({ number }) => number);
    expect(numbers.sort()).toEqual(expected);
  }
  expect(new Set(invoices.map(({ orderId }) => orderId)).size).toBe(20);
});
