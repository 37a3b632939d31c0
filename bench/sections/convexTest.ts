/** The same in convex-test: with a database, transactions and real guards. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import bare from "../app/bare";
import gatewayHttp, { gateway } from "../app/gateway";
import * as sums from "../app/sums";
import { modules as toolgate } from "../app/toolgate";
import {
  addDemo,
  addTenant,
  askText,
  issueKey,
  modulesIn,
  newBackend,
  type Backend,
} from "../lib/backend";
import { show, showSpread } from "../lib/markdown";
import type { Ask, Era } from "../lib/mcpRequest";
import { race, type Race, type Runner } from "../lib/race";
import { isQuick, report } from "../lib/report";
import { root } from "../lib/root";

/** convex-test looks at every row of a table for each query, so each batch starts on a new database. */
const options: Omit<Race, "inFlight"> = isQuick
  ? { rounds: 1, batch: 100 }
  : { rounds: 7, batch: 400 };

const call = (era: Era, key?: string): Ask => ({
  era,
  method: "tools/call",
  params: { name: "add", arguments: { a: 2, b: 3 } },
  key,
});

const expecting = (t: Backend, question: Ask, expected: RegExp) => async () => {
  const text = await askText(t, question);
  if (!expected.test(text)) throw new Error(`no ${String(expected)} in ${text.slice(0, 300)}`);
};

/** The gateway indents its JSON. */
const SUM = /sum\\": ?5/;

const bareCall: Runner = {
  name: "bare httpAction + runQuery",
  ready: () => expecting(newBackend({ http: { default: bare }, sums }), call("2025"), SUM),
};

const component = path.join(root, "bench/node_modules/convex-mcp-gateway/dist/component");
const componentModules = await modulesIn(component);
const { default: componentSchema } = (await import(
  pathToFileURL(path.join(component, "schema.js")).href
)) as { default: Parameters<Backend["registerComponent"]>[1] };

const newGateway = async () => {
  const t = newBackend({ http: { default: gatewayHttp }, sums });
  t.registerComponent("mcpGateway", componentSchema, componentModules);
  await askText(t, { era: "2026", method: "server/discover" });
  await expecting(t, call("2026"), SUM)();
  const [row] = await t.run((ctx) => gateway.listAuditEntries(ctx, { limit: 1 }));
  if (row?.outcome !== "allowed") throw new Error("the gateway wrote no audit row");
  return t;
};

const newToolgate = async () => {
  const t = newBackend(toolgate);
  await addTenant(t);
  return { t, key: await issueKey(t) };
};

/** The whole demo app: more rows in the database, and a tool that reads three of them. */
const erpCall = async () => {
  const t = newBackend();
  await addDemo(t);
  const key = await issueKey(t);
  const product = await t.run((ctx) => ctx.db.query("products").first());
  if (product === null) throw new Error("no product");
  const params = { name: "stock_level", arguments: { productId: product._id } };
  return expecting(t, { era: "2025", method: "tools/call", params, key }, /"onHand":/);
};

const list = (era: Era, key?: string): Ask => ({ era, method: "tools/list", key });

const calls: Runner[] = [
  bareCall,
  {
    name: "convex-mcp-gateway, 2026",
    ready: async () => expecting(await newGateway(), call("2026"), SUM),
  },
  ...(["2025", "2026"] as const).map((era) => ({
    name: `Toolgate, all guards, ${era}`,
    ready: async () => {
      const { t, key } = await newToolgate();
      return expecting(t, call(era, key), SUM);
    },
  })),
  { name: "Toolgate, the demo ERP's stock_level", ready: erpCall },
];

const lists: Runner[] = [
  {
    name: "convex-mcp-gateway, 2026",
    ready: async () => expecting(await newGateway(), list("2026"), /"name":"add"/),
  },
  ...(["2025", "2026"] as const).map((era) => ({
    name: `Toolgate, all guards, ${era}`,
    ready: async () => {
      const { t, key } = await newToolgate();
      return expecting(t, list(era, key), /"name":"add"/);
    },
  })),
];

const called = await race(calls, { ...options, inFlight: 1 });
const listed = await race(lists, { ...options, inFlight: 1 });
const at = (name: string) => called.get(name)?.median ?? NaN;
const ratio = at("Toolgate, all guards, 2026") / at("convex-mcp-gateway, 2026");
const ratioToBare = show(at("Toolgate, all guards, 2026") / at(bareCall.name));

/** Each with its ratio to the first. */
const rowsOf = (rates: typeof called) => {
  const [first] = rates.values();
  return [...rates].map(([name, rate]) => [
    ...[name, showSpread(rate)],
    `${show(rate.median / (first?.median ?? NaN))} ×`,
  ]);
};

report({
  method: [
    "convex-test is itself most of the work, so compare these rows only with each other.",
    `Medians of ${String(options.rounds)} interleaved rounds of ${String(options.batch)} ms, each on a new backend.`,
    "Toolgate checks a real key, takes tokens, decides by role and writes an audit row. The gateway writes its audit row, lets everybody call and has no keys and no limits.",
  ],
  tables: [
    {
      title: "tools/call, per second",
      head: ["server", "1 in flight", "to the first"],
      rows: rowsOf(called),
    },
    {
      title: "tools/list, per second",
      head: ["server", "1 in flight", "to the first"],
      rows: rowsOf(listed),
    },
  ],
  figures: {
    "convex-test": {
      shown: `${show(ratio)} × the gateway, ${ratioToBare} × a bare httpAction`,
      met: ratio >= 1.5,
    },
  },
});
