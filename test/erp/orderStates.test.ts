/** Each move of an order from one state to another: what is allowed changes it, what is not changes nothing. */
import { describe, expect, test } from "vitest";
import type { OrderStatus } from "../../convex/erp/terms";
import { confirm, draft, erp, newErp, refusal, rows, type Agent, type Backend } from "./setup";
import { onHand } from "./setup";

/** An order in the wanted state. */
const orderIn = async (t: Backend, agent: Agent, status: OrderStatus) => {
  const { order, productId } = await draft(t, "acme");
  if (status !== "draft") await confirm(agent, order);
  if (status === "invoiced") await agent.mutate(erp.invoices.issue, { orderId: order.id });
  if (status === "cancelled")
    await agent.mutate(erp.orders.cancel, { orderId: order.id, reason: "test" });
  return { order: await agent.query(erp.orders.get, { orderId: order.id }), productId };
};

describe("an order's states", () => {
  const moves = {
    confirmed: (agent: Agent, order: { id: string; totalMinor: number }) => confirm(agent, order),
    invoiced: (agent: Agent, { id }: { id: string }) =>
      agent.mutate(erp.invoices.issue, { orderId: id }),
    cancelled: (agent: Agent, { id }: { id: string }) =>
      agent.mutate(erp.orders.cancel, { orderId: id, reason: "no longer needed" }),
  };
  const allowed = [
    "draft>confirmed",
    "draft>cancelled",
    "confirmed>invoiced",
    "confirmed>cancelled",
  ];
  const table = (["draft", "confirmed", "invoiced", "cancelled"] as const).flatMap((from) =>
    (["confirmed", "invoiced", "cancelled"] as const).map((to) => ({ from, to })),
  );

  test.each(table)("$from to $to", async ({ from, to }) => {
    const { t, acme } = await newErp();
    const { order, productId } = await orderIn(t, acme, from);
    const before = {
      order,
      stock: await onHand(acme, productId),
      movements: await rows(t, "stockMovements"),
    };
    if (allowed.includes(`${from}>${to}`)) {
      await moves[to](acme, order);
      expect((await acme.query(erp.orders.get, { orderId: order.id })).status).toBe(to);
      return;
    }
    const { code, message } = await refusal(moves[to](acme, order));
    expect(code).toBe("wrong_state");
    expect(message).toContain(`${order.number} is ${from}`);
    const onward = allowed
      .filter((step) => step.startsWith(`${from}>`))
      .map((step) => step.split(">")[1]!);
    if (onward.length === 0) expect(message).toContain("final");
    for (const state of onward) expect(message).toContain(state);
    expect({
      order: await acme.query(erp.orders.get, { orderId: order.id }),
      stock: await onHand(acme, productId),
      movements: await rows(t, "stockMovements"),
    }).toEqual(before);
  });
});
