/** The kinds of requests whose cost is counted. */
import { mintKey } from "../../src/auth/keyFormat";
import { issueKey, type Backend } from "../lib/backend";
import { demoCalls } from "../lib/demo";
import type { Ask } from "../lib/mcpRequest";

/** A request, what its answer must hold (nothing unless stated), and its status (200 unless stated). */
export type Case = readonly [ask: Ask, holds?: string, status?: number];

/** By name. */
export type Cases = Readonly<Record<string, Case>>;

/** Calls of tools that another server offers too. */
export const plainCalls = async (t: Backend, key: string): Promise<Cases> => {
  const { query, mutation } = await demoCalls(t, key);
  return {
    "query tool (stock_level)": [query(), "onHand"],
    "mutation tool (customers_create)": [mutation(), "createdAt"],
  };
};

/** All kinds, in order: some repeat the one before. */
export const casesOf = async (t: Backend): Promise<Cases> => {
  const key = await issueKey(t);
  const { key: unissued } = await mintKey("test");
  const ping = (mine: string): Ask => ({ era: "2025", key: mine, method: "ping" });
  const modern = (method: string): Ask => ({ era: "2026", key, method });
  const client = { capabilities: {}, clientInfo: { name: "b", version: "1" } };
  const params = { protocolVersion: "2025-06-18", ...client };
  const mistyped = key.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const { mutation, order, job } = await demoCalls(t, key);
  const viewing = { ...mutation(), key: await issueKey(t, "viewer") };
  const ordering = order({ idempotencyKey: "bench-order-1" });
  const once = job({ idempotencyKey: "bench-import-1" });
  return {
    "malformed body": [{ ...ping(key), body: "{" }, "", 400],
    "junk key": [ping(`${key.slice(0, -1)}!`), "", 401],
    "mistyped key": [ping(mistyped), "", 401],
    "key that was never issued": [ping(unissued), "", 401],
    "tool the role does not allow": [viewing, "Unknown tool"],
    initialize: [{ era: "2025", key, method: "initialize", params }],
    "tools/list": [modern("tools/list"), "stock_level"],
    "server/discover": [modern("server/discover")],
    "resources/list": [modern("resources/list")],
    ...(await plainCalls(t, key)),
    "mutation tool (orders_create), idempotency key": [ordering, "draft"],
    "the same again": [ordering, "replayed"],
    "job until its answer (customers_import)": [job(), "structuredContent"],
    "the same, idempotency key": [once, "structuredContent"],
    "the same again, when it has ended": [once, "replayed"],
  };
};
