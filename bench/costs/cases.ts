/** The kinds of requests whose cost is counted. */
import { mintKey } from "../../src/auth/keyFormat";
import { issueKey, type Backend } from "../lib/backend";
import type { Ask } from "../lib/mcpRequest";

export interface Case {
  readonly name: string;
  readonly ask: Ask;
  readonly status: number;
  /** What the answer must hold. */
  readonly holds?: string;
}

/** All kinds, in order: one of them repeats the one before. @param t - with the demo data. */
export const casesOf = async (t: Backend): Promise<readonly Case[]> => {
  const key = await issueKey(t);
  const viewer = await issueKey(t, "viewer");
  const { key: unissued } = await mintKey("test");
  const { customer, product } = await t.run(async (ctx) => ({
    customer: await ctx.db.query("customers").first(),
    product: await ctx.db.query("products").first(),
  }));
  if (!customer || !product) throw new Error("no demo data");

  const call = (name: string, args: object, more: Partial<Ask> = {}): Ask => ({
    ...{ era: "2025", key, ...more },
    method: "tools/call",
    params: { name, arguments: args },
  });

  const order = { customerId: customer._id, lines: [{ productId: product._id, quantity: 1 }] };
  const newCustomer = { name: "Bench", email: "bench@example.com" };
  const lines = JSON.stringify({ name: "Bench", email: "bench2@example.com" });
  const imported = { lines, idempotencyKey: "bench-import-1" };
  const once = { ...order, idempotencyKey: "bench-order-1" };

  return [
    { name: "malformed body", ask: { era: "2025", key, method: "ping", body: "{" }, status: 400 },
    {
      name: "junk key",
      ask: { era: "2025", key: `${key.slice(0, -1)}!`, method: "ping" },
      status: 401,
    },
    {
      name: "mistyped key",
      ask: { era: "2025", key: key.replace(/.$/, (c) => (c === "0" ? "1" : "0")), method: "ping" },
      status: 401,
    },
    {
      name: "key that was never issued",
      ask: { era: "2025", key: unissued, method: "ping" },
      status: 401,
    },
    {
      name: "tool the role does not allow",
      ask: call("customers_create", newCustomer, { key: viewer }),
      status: 200,
      holds: "Unknown tool",
    },
    {
      name: "initialize",
      ask: {
        era: "2025",
        key,
        method: "initialize",
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "b", version: "1" },
        },
      },
      status: 200,
    },
    {
      name: "tools/list",
      ask: { era: "2026", key, method: "tools/list" },
      status: 200,
      holds: "stock_level",
    },
    { name: "server/discover", ask: { era: "2026", key, method: "server/discover" }, status: 200 },
    { name: "resources/list", ask: { era: "2026", key, method: "resources/list" }, status: 200 },
    {
      name: "query tool (stock_level)",
      ask: call("stock_level", { productId: product._id }),
      status: 200,
      holds: "onHand",
    },
    {
      name: "mutation tool (customers_create)",
      ask: call("customers_create", newCustomer),
      status: 200,
      holds: "createdAt",
    },
    {
      name: "mutation tool (orders_create), idempotency key",
      ask: call("orders_create", once),
      status: 200,
      holds: "draft",
    },
    { name: "the same again", ask: call("orders_create", once), status: 200, holds: "replayed" },
    {
      name: "job until its answer (customers_import)",
      ask: call("customers_import", { lines }),
      status: 200,
      holds: "structuredContent",
    },
    {
      name: "the same, idempotency key",
      ask: call("customers_import", imported),
      status: 200,
      holds: "structuredContent",
    },
    {
      name: "the same again, when it has ended",
      ask: call("customers_import", imported),
      status: 200,
      holds: "replayed",
    },
  ];
};
