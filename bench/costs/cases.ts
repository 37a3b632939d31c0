/** The kinds of requests whose cost is counted. */
import { mintKey } from "../../src/auth/keyFormat";
import { issueKey, type Backend } from "../lib/backend";
import { callOf, type Ask } from "../lib/mcpRequest";

/** A request, what its answer must hold (nothing unless stated), and its status (200 unless stated). */
export type Case = readonly [ask: Ask, holds?: string, status?: number];

/** By name. */
export type Cases = Readonly<Record<string, Case>>;

const rowsOf = (t: Backend) =>
  t.run(async ({ db }) => ({
    customerId: (await db.query("customers").first())?._id,
    productId: (await db.query("products").first())?._id,
  }));

const CUSTOMER = { name: "Bench", email: "bench@example.com" };

/** Calls of tools that another server offers too. */
export const plainCalls = async (t: Backend, key: string): Promise<Cases> => {
  const { productId } = await rowsOf(t);
  return {
    "query tool (stock_level)": [callOf(key, "stock_level", { productId }), "onHand"],
    "mutation tool (customers_create)": [callOf(key, "customers_create", CUSTOMER), "createdAt"],
  };
};

/** All kinds, in order: some repeat the one before. */
export const casesOf = async (t: Backend): Promise<Cases> => {
  const key = await issueKey(t);
  const { key: unissued } = await mintKey("test");
  const { customerId, productId } = await rowsOf(t);
  const order = { customerId, lines: [{ productId, quantity: 1 }] };
  const ordering = callOf(key, "orders_create", { ...order, idempotencyKey: "bench-order-1" });
  const lines = JSON.stringify({ name: "Bench", email: "bench2@example.com" });
  const importing = callOf(key, "customers_import", { lines });
  const once = callOf(key, "customers_import", { lines, idempotencyKey: "bench-import-1" });
  const ping = (mine: string): Ask => ({ era: "2025", key: mine, method: "ping" });
  const modern = (method: string): Ask => ({ era: "2026", key, method });
  const client = { capabilities: {}, clientInfo: { name: "b", version: "1" } };
  const params = { protocolVersion: "2025-06-18", ...client };
  const mistyped = key.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const denied = callOf(await issueKey(t, "viewer"), "customers_create", CUSTOMER);
  return {
    "malformed body": [{ ...ping(key), body: "{" }, "", 400],
    "junk key": [ping(`${key.slice(0, -1)}!`), "", 401],
    "mistyped key": [ping(mistyped), "", 401],
    "key that was never issued": [ping(unissued), "", 401],
    "tool the role does not allow": [denied, "Unknown tool"],
    initialize: [{ era: "2025", key, method: "initialize", params }],
    "tools/list": [modern("tools/list"), "stock_level"],
    "server/discover": [modern("server/discover")],
    "resources/list": [modern("resources/list")],
    ...(await plainCalls(t, key)),
    "mutation tool (orders_create), idempotency key": [ordering, "draft"],
    "the same again": [ordering, "replayed"],
    "job until its answer (customers_import)": [importing, "structuredContent"],
    "the same, idempotency key": [once, "structuredContent"],
    "the same again, when it has ended": [once, "replayed"],
  };
};
