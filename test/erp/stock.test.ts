import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjustmentReasons, type AdjustmentReason } from "../../convex/erp/terms";
import { addCustomer, addProduct, confirm, erp, newErp, refusal, rows, type Agent } from "./setup";

describe("stock_adjust", () => {
  test("changes the level and says why", async () => {
    const { t, acme } = await newErp();
    const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 1, stock: 5 });
    const level = await acme.mutate(erp.stock.adjust, {
      productId,
      quantity: -2,
      reason: "damaged",
      note: "forklift",
    });
    expect(level).toEqual({ productId, sku: "A", name: "Product A", onHand: 3 });
    expect(await acme.query(erp.stock.level, { productId })).toEqual(level);
    const { items } = await acme.query(erp.stock.movements, { productId });
    expect(items[0]).toEqual({
      id: expect.any(String),
      quantity: -2,
      reason: "damaged",
      note: "forklift",
      by: "agent-acme",
      at: expect.any(String),
    });
    expect(items).toHaveLength(2);
  });

  test("goes down to zero and no further", async () => {
    const { t, acme } = await newErp();
    const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 1, stock: 5 });
    const { code } = await refusal(
      acme.mutate(erp.stock.adjust, { productId, quantity: -6, reason: "lost" }),
    );
    expect(code).toBe("insufficient_stock");
    const empty = await acme.mutate(erp.stock.adjust, { productId, quantity: -5, reason: "lost" });
    expect(empty.onHand).toBe(0);
    expect(await rows(t, "stockMovements")).toHaveLength(2);
  });

  test("starts from zero for a product without stock", async () => {
    const { t, acme } = await newErp();
    const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 1, stock: 0 });
    expect((await acme.query(erp.stock.level, { productId })).onHand).toBe(0);
    const below = acme.mutate(erp.stock.adjust, { productId, quantity: -1, reason: "lost" });
    expect((await refusal(below)).code).toBe("insufficient_stock");
    expect(await rows(t, "stockLevels")).toEqual([]);
  });
});

describe("the sign of an adjustment follows its reason", () => {
  const came: AdjustmentReason[] = ["received", "returned"];
  const went: AdjustmentReason[] = ["damaged", "lost"];

  test.each<AdjustmentReason>([...came, ...went, "counted"])("%s", async (reason) => {
    const { t, acme } = await newErp();
    const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 1, stock: 500 });
    const adjust = (quantity: number) =>
      acme.mutate(erp.stock.adjust, { productId, quantity, reason });
    const level = async () => (await acme.query(erp.stock.level, { productId })).onHand;
    const refused = came.includes(reason) ? -1 : went.includes(reason) ? 1 : 0;
    for (const size of [1, 5, 100]) {
      for (const sign of [1, -1]) {
        const before = await level();
        if (sign !== refused) {
          expect((await adjust(sign * size)).onHand).toBe(before + sign * size);
          continue;
        }
        const others = (sign > 0 ? came : went).join(", ");
        expect(await refusal(adjust(sign * size))).toEqual({
          code: "invalid_arguments",
          message:
            `quantity: expected a ${sign > 0 ? "negative" : "positive"} number, since the reason is ${reason}, got ${sign * size}. ` +
            `Reasons for a ${sign > 0 ? "positive" : "negative"} one: ${others}, counted. Nothing was changed.`,
        });
        expect(await level()).toBe(before);
      }
    }
  });

  test("every reason that a caller may give is tested here", () => {
    expect([...came, ...went, "counted"].sort()).toEqual([...adjustmentReasons].sort());
  });

  test("the wrong sign is told before anything is looked up", async () => {
    const { acme } = await newErp();
    const call = acme.mutate(erp.stock.adjust, { productId: "x", quantity: 5, reason: "lost" });
    expect((await refusal(call)).message).toMatch(/^quantity: expected a negative number/);
  });
});

type Step =
  | { kind: "adjust"; product: number; quantity: number }
  | { kind: "order"; lines: { product: number; quantity: number }[] }
  | { kind: "confirm" | "cancel" | "invoice"; order: number };

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("adjust" as const),
      product: fc.nat(2),
      quantity: fc.integer({ min: -8, max: 12 }).filter((quantity) => quantity !== 0),
    }),
    fc.record({
      kind: fc.constant("order" as const),
      lines: fc.array(fc.record({ product: fc.nat(2), quantity: fc.integer({ min: 1, max: 6 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    fc.record({
      kind: fc.constantFrom("confirm" as const, "cancel" as const, "invoice" as const),
      order: fc.nat(5),
    }),
  ),
  { minLength: 5, maxLength: 25 },
);

/** Takes one step; an order is the one of its number so far, counted round. */
const take = async (
  agent: Agent,
  step: Step,
  {
    products,
    customerId,
    orders,
  }: { products: string[]; customerId: string; orders: { id: string; totalMinor: number }[] },
) => {
  if (step.kind === "adjust") {
    const productId = products[step.product]!;
    return agent.mutate(erp.stock.adjust, {
      productId,
      quantity: step.quantity,
      reason: "counted",
    });
  }
  if (step.kind === "order") {
    const lines = step.lines.map(({ product, quantity }) => ({
      productId: products[product]!,
      quantity,
    }));
    return orders.push(await agent.mutate(erp.orders.create, { customerId, lines }));
  }
  const order = orders[step.order % Math.max(orders.length, 1)];
  if (order === undefined) return undefined;
  if (step.kind === "confirm") return confirm(agent, order);
  if (step.kind === "cancel")
    return agent.mutate(erp.orders.cancel, { orderId: order.id, reason: "test" });
  return agent.mutate(erp.invoices.issue, { orderId: order.id });
};

test("after any sequence of steps, stock is the sum of its movements, never negative, and explained by the orders", async () => {
  const expectedRefusals = ["insufficient_stock", "wrong_state"];
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const { t, acme } = await newErp();
      const products: string[] = [];
      for (const sku of ["A", "B", "C"]) {
        products.push(await addProduct(t, "acme", { sku, unitPriceMinor: 7, stock: 10 }));
      }
      const world = { products, customerId: (await addCustomer(acme)).id, orders: [] };
      for (const step of sequence) {
        await take(acme, step, world).catch(async (error: unknown) => {
          const { code } = await refusal(Promise.reject(error));
          expect(expectedRefusals).toContain(code);
        });
      }
      const movements = await rows(t, "stockMovements");
      const orders = await rows(t, "orders");
      for (const { productId, onHand } of await rows(t, "stockLevels")) {
        const own = movements.filter((movement) => movement.productId === productId);
        const sum = (of: typeof own) => of.reduce((total, { quantity }) => total + quantity, 0);
        expect(onHand).toBe(sum(own));
        expect(onHand).toBeGreaterThanOrEqual(0);
        const sold = orders
          .filter(({ status }) => status === "confirmed" || status === "invoiced")
          .flatMap(({ lines }) => lines)
          .filter((line) => line.productId === productId)
          .reduce((total, { quantity }) => total + quantity, 0);
        expect(sum(own.filter(({ orderId }) => orderId !== undefined))).toBe(0 - sold);
      }
    }),
    { numRuns: 25 },
  );
});
