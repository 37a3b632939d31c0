/** Orders: drafted at the products' prices, confirmed with stock, cancelled, and listed. */
import { describe, expect, test, vi } from "vitest";
import type { OrderStatus } from "../../convex/erp/terms";
import { addCustomer, addProduct, confirm, draft, erp, newErp, refusal, rows } from "./setup";
import { onHand } from "./setup";

describe("orders_create", () => {
  test("drafts at the products' prices and takes no stock", async () => {
    const { t, acme } = await newErp();
    const { order, productId, customerId } = await draft(t, "acme", {
      quantity: 3,
      unitPriceMinor: 499,
    });
    expect(order).toEqual({
      id: expect.any(String),
      number: expect.stringMatching(/^SO-[2-9B-DF-HJ-NP-TV-Z]{6}$/),
      status: "draft",
      customerId,
      customerName: "Ada Lovelace",
      totalMinor: 1497,
      currency: "EUR",
      createdAt: expect.any(String),
      lines: [
        {
          productId,
          sku: "SKU-1",
          name: "Product SKU-1",
          quantity: 3,
          unitPriceMinor: 499,
          lineTotalMinor: 1497,
        },
      ],
    });
    expect(await onHand(acme, productId)).toBe(10);
    expect(await acme.query(erp.orders.get, { number: order.number })).toEqual(order);
  });

  test("takes no price from the caller", async () => {
    const { t, acme } = await newErp();
    const { productId, customerId } = await draft(t, "acme");
    const line = { productId, quantity: 1, unitPriceMinor: 1 };
    await expect(acme.mutate(erp.orders.create, { customerId, lines: [line] })).rejects.toThrow(
      "unitPriceMinor",
    );
  });

  test("numbers orders apart, and finds one by its number in its tenant alone", async () => {
    const { t, acme, globex } = await newErp();
    const { customerId, productId, order } = await draft(t, "acme");
    const second = await acme.mutate(erp.orders.create, {
      customerId,
      lines: [{ productId, quantity: 1 }],
    });
    const foreign = await draft(t, "globex");
    const numbers = [order.number, second.number, foreign.order.number];
    expect(new Set(numbers).size).toBe(3);
    expect(foreign.order.currency).toBe("USD");
    const { number } = foreign.order;
    expect((await globex.query(erp.orders.get, { number })).id).toBe(foreign.order.id);
    const missing = await refusal(acme.query(erp.orders.get, { number }));
    expect(missing).toEqual({ code: "not_found", message: "No such order." });
  });

  test("draws another number if an order of the tenant has it", async () => {
    const { t, acme } = await newErp();
    // The first six draws number the first order, and so do the next six the second.
    const random = vi.spyOn(Math, "random").mockReturnValue(0);
    const { order, productId, customerId } = await draft(t, "acme");
    expect(order.number).toBe("SO-222222");
    for (let drawn = 0; drawn < 6; drawn++) random.mockReturnValueOnce(0);
    random.mockReturnValue(0.999);
    const lines = [{ productId, quantity: 1 }];
    const second = await acme.mutate(erp.orders.create, { customerId, lines });
    random.mockRestore();
    expect(second.number).toBe("SO-ZZZZZZ");
  });
});

describe("orders_confirm", () => {
  test("takes stock with movements that name the order", async () => {
    const { t, acme } = await newErp();
    const { order, productId } = await draft(t, "acme", { quantity: 4 });
    const confirmed = await confirm(acme, order);
    expect(confirmed).toEqual({ ...order, status: "confirmed", confirmedAt: expect.any(String) });
    expect(await onHand(acme, productId)).toBe(6);
    const { items } = await acme.query(erp.stock.movements, { productId });
    expect(items[0]).toEqual({
      id: expect.any(String),
      quantity: -4,
      reason: "order_confirmed",
      orderId: order.id,
      orderNumber: order.number,
      by: "agent-acme",
      at: expect.any(String),
    });
  });

  test("is refused if prices moved on, and accepts the new total", async () => {
    const { t, acme } = await newErp();
    const { order, productId } = await draft(t, "acme", { quantity: 2, unitPriceMinor: 500 });
    await t.run((ctx) => ctx.db.patch("products", productId, { unitPriceMinor: 550 }));
    const { code, message } = await refusal(confirm(acme, order));
    expect(code).toBe("total_changed");
    expect(message).toContain("1100");
    expect(await onHand(acme, productId)).toBe(10);
    const confirmed = await confirm(acme, { id: order.id, totalMinor: 1100 });
    expect(confirmed.totalMinor).toBe(1100);
    expect(confirmed.lines[0]!.unitPriceMinor).toBe(550);
  });

  test("takes all lines or none", async () => {
    const { t, acme } = await newErp();
    const { customerId, productId } = await draft(t, "acme", { stock: 10 });
    const scarce = await addProduct(t, "acme", { sku: "SCARCE", unitPriceMinor: 1, stock: 1 });
    const order = await acme.mutate(erp.orders.create, {
      customerId,
      lines: [
        { productId, quantity: 1 },
        { productId: scarce, quantity: 2 },
      ],
    });
    const before = await rows(t, "stockMovements");
    const { code, message } = await refusal(confirm(acme, order));
    expect(code).toBe("insufficient_stock");
    expect(message).toContain("SCARCE: 1 on hand, 2 needed");
    expect(await onHand(acme, productId)).toBe(10);
    expect(await onHand(acme, scarce)).toBe(1);
    expect(await rows(t, "stockMovements")).toEqual(before);
    expect((await acme.query(erp.orders.get, { orderId: order.id })).status).toBe("draft");
  });

  test("adds up two lines of one product", async () => {
    const { t, acme } = await newErp();
    const { customerId, productId } = await draft(t, "acme", { stock: 10 });
    const twice = (quantity: number) =>
      acme.mutate(erp.orders.create, {
        customerId,
        lines: [
          { productId, quantity },
          { productId, quantity },
        ],
      });
    const { message } = await refusal(confirm(acme, await twice(6)));
    expect(message).toContain("10 on hand, 12 needed");
    await confirm(acme, await twice(5));
    expect(await onHand(acme, productId)).toBe(0);
  });

  test("is refused if a product is gone", async () => {
    const { t, acme } = await newErp();
    const { order, productId } = await draft(t, "acme");
    await t.run((ctx) => ctx.db.delete("products", productId));
    expect(await refusal(confirm(acme, order))).toEqual({
      code: "not_found",
      message: "No such product.",
    });
  });
});

describe("orders_cancel", () => {
  test("puts the stock of a confirmed order back, with movements", async () => {
    const { t, acme } = await newErp();
    const { order, productId } = await draft(t, "acme", { quantity: 4 });
    await confirm(acme, order);
    const cancelled = await acme.mutate(erp.orders.cancel, {
      orderId: order.id,
      reason: " changed plans ",
    });
    expect(cancelled).toMatchObject({
      status: "cancelled",
      cancelReason: "changed plans",
      cancelledAt: expect.any(String),
      confirmedAt: expect.any(String),
    });
    expect(await onHand(acme, productId)).toBe(10);
    const { items } = await acme.query(erp.stock.movements, { productId });
    expect(items[0]).toMatchObject({ quantity: 4, reason: "order_cancelled", orderId: order.id });
  });

  test("moves no stock for a draft", async () => {
    const { t, acme } = await newErp();
    const { order } = await draft(t, "acme");
    const before = await rows(t, "stockMovements");
    await acme.mutate(erp.orders.cancel, { orderId: order.id, reason: "typo" });
    expect(await rows(t, "stockMovements")).toEqual(before);
  });
});

test("orders_list filters by status, customer and both, newest first", async () => {
  const { t, acme } = await newErp();
  const { customerId: ada, productId, order } = await draft(t, "acme");
  const bob = (await addCustomer(acme, "Bob")).id;
  const create = (customerId: string) =>
    acme.mutate(erp.orders.create, { customerId, lines: [{ productId, quantity: 1 }] });
  const [second, third] = [await create(ada), await create(bob)];
  for (const one of [second, third]) await confirm(acme, one);
  const made = [order, second, third].map(({ number }) => number);
  const numbers = async (filter: { status?: OrderStatus; customerId?: string }) =>
    (await acme.query(erp.orders.list, filter)).items
      .map(({ number }) => 1 + made.indexOf(number))
      .join("");
  expect(await numbers({})).toBe("321");
  expect(await numbers({ status: "confirmed" })).toBe("32");
  expect(await numbers({ customerId: ada })).toBe("21");
  expect(await numbers({ customerId: ada, status: "draft" })).toBe("1");
  expect(await numbers({ customerId: bob, status: "draft" })).toBe("");
  const [item] = (await acme.query(erp.orders.list, { limit: 1 })).items;
  expect(Object.keys(item!).sort()).toEqual(
    [
      "createdAt",
      "currency",
      "customerId",
      "customerName",
      "id",
      "number",
      "status",
      "totalMinor",
    ].sort(),
  );
});
