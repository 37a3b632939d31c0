/** The kinds of requests whose cost is counted. */
import { mintKey } from "../../src/auth/keyFormat";
import { issueKey, type Backend } from "../lib/backend";
import type { Ask } from "../lib/mcpRequest";

export interface Case {
  readonly name: string;
  readonly ask: Ask;
  readonly status: number;
  /** What the answer must hold. */
  readonly holds: string;
}

const caseOf = (name: string, ask: Ask, holds = "", status = 200): Case => ({
  ...{ name, ask, holds, status },
});

const call = (key: string, name: string, args: object): Ask => ({
  ...{ era: "2025", key, method: "tools/call" },
  params: { name, arguments: args },
});

/** Calls of tools that another server offers too. @param t - with the demo data. */
export const plainCalls = async (t: Backend, key: string): Promise<[Case, Case]> => {
  const product = await t.run((ctx) => ctx.db.query("products").first());
  const customer = { name: "Bench", email: "bench@example.com" };
  return [
    caseOf(
      "query tool (stock_level)",
      call(key, "stock_level", { productId: product?._id }),
      "onHand",
    ),
    caseOf(
      "mutation tool (customers_create)",
      call(key, "customers_create", customer),
      "createdAt",
    ),
  ];
};

/** All kinds, in order: some repeat the one before. @param t - with the demo data. */
export const casesOf = async (t: Backend): Promise<readonly Case[]> => {
  const key = await issueKey(t);
  const viewer = await issueKey(t, "viewer");
  const { key: unissued } = await mintKey("test");
  const [customer, product] = await t.run(async (ctx) => [
    await ctx.db.query("customers").first(),
    await ctx.db.query("products").first(),
  ]);
  const [query, mutation] = await plainCalls(t, key);
  const denied = { ...mutation.ask, key: viewer };
  const order = { customerId: customer?._id, lines: [{ productId: product?._id, quantity: 1 }] };
  const ordering = call(key, "orders_create", { ...order, idempotencyKey: "bench-order-1" });
  const lines = JSON.stringify({ name: "Bench", email: "bench2@example.com" });
  const importing = (args = {}) => call(key, "customers_import", { lines, ...args });
  const once = importing({ idempotencyKey: "bench-import-1" });
  const ping = (mine: string): Ask => ({ era: "2025", key: mine, method: "ping" });
  const initialize = {
    ...{ protocolVersion: "2025-06-18", capabilities: {} },
    clientInfo: { name: "b", version: "1" },
  };
  const mistyped = key.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  return [
    caseOf("malformed body", { ...ping(key), body: "{" }, "", 400),
    caseOf("junk key", ping(`${key.slice(0, -1)}!`), "", 401),
    caseOf("mistyped key", ping(mistyped), "", 401),
    caseOf("key that was never issued", ping(unissued), "", 401),
    caseOf("tool the role does not allow", denied, "Unknown tool"),
    caseOf("initialize", { era: "2025", key, method: "initialize", params: initialize }),
    caseOf("tools/list", { era: "2026", key, method: "tools/list" }, "stock_level"),
    caseOf("server/discover", { era: "2026", key, method: "server/discover" }),
    caseOf("resources/list", { era: "2026", key, method: "resources/list" }),
    ...[query, mutation],
    caseOf("mutation tool (orders_create), idempotency key", ordering, "draft"),
    caseOf("the same again", ordering, "replayed"),
    caseOf("job until its answer (customers_import)", importing(), "structuredContent"),
    caseOf("the same, idempotency key", once, "structuredContent"),
    caseOf("the same again, when it has ended", once, "replayed"),
  ];
};
