/** What each kind of request costs on Convex: calls of functions and rows, counted while the real app runs in convex-test. */
import http from "../../convex/http";
import { mintKey } from "../../src/keys/format";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import type { Ask } from "../lib/mcpRequest";
import { install, recorded, recordingRoutes, type Transaction } from "../lib/recorder";
import { report, type Cell } from "../lib/report";

const t = newBackend({ http: recordingRoutes(http) });
install();
await addDemo(t);
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
const once = { ...order, idempotencyKey: "bench-order-1" };

interface Case {
  readonly name: string;
  readonly ask: Ask;
  readonly status: number;
  /** What the answer must hold. */
  readonly holds?: string;
}

const cases: readonly Case[] = [
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
];

interface Rows {
  readonly read: number;
  readonly written: number;
}

const total = (calls: readonly Transaction[]): Rows => ({
  read: calls.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
  written: calls.reduce((sum, { writes }) => sum + writes.length, 0),
});

const within = ([from, to]: readonly [number, number]): number => to - from;

/** What the tool of an admission took; a nested function's own nested ones are part of it. */
const ofTool = ({ nested }: Transaction): Rows => {
  const tool = nested.at(-1);
  return tool
    ? { read: within(tool.rowsRead), written: within(tool.writes) }
    : { read: 0, written: 0 };
};

const measured = new Map<string, readonly Cell[]>();
for (const { name, ask: question, status, holds = "" } of cases) {
  const { result, calls } = await recorded(async () => {
    const response = await ask(t, question);
    return { status: response.status, text: await response.text() };
  });
  if (result.status !== status || !result.text.includes(holds))
    throw new Error(`${name}: ${String(result.status)} ${result.text.slice(0, 400)}`);
  const admission = calls.filter((one) => one.name === "gate:admit");
  const all = total(calls);
  const whole = total(admission);
  const inside = admission[0] ? ofTool(admission[0]) : total([]);
  const gate = { read: whole.read - inside.read, written: whole.written - inside.written };
  const rest = [all.read - gate.read, all.written - gate.written];
  measured.set(name, [calls.length, gate.read, gate.written, ...rest]);
}

const cellOf = (name: string, column = 0): string => String(measured.get(name)?.[column]);

const admissionOf = (name: string): string => `${cellOf(name, 1)} / ${cellOf(name, 2)}`;

report({
  method: [
    "Counted, not assumed: the whole app runs in convex-test, and all that its functions ask of Convex is recorded.",
    "Calls are `ctx.run*` of the HTTP action, which Convex bills on top of the HTTP action itself. Rows read are those that queries gave back. The gate's rows are those of its admission: key, role, buckets, audit, and of a job what starts it; the tool's are all others.",
  ],
  tables: [
    {
      title: "Per request",
      head: ["request", "calls", "gate: rows read", "written", "tool: rows read", "written"],
      rows: [...measured].map(([name, cells]) => [name, ...cells]),
    },
  ],
  figures: {
    "calls malformed": `${cellOf("malformed body")} and ${cellOf("junk key")}`,
    "calls denied": cellOf("key that was never issued"),
    "calls list": `${cellOf("tools/list")} and ${cellOf("server/discover")}`,
    "calls query": cellOf("query tool (stock_level)"),
    "calls mutation": cellOf("mutation tool (customers_create)"),
    "rows of an admission": `query tool ${admissionOf("query tool (stock_level)")}, mutation tool ${admissionOf("mutation tool (customers_create)")}`,
  },
});
