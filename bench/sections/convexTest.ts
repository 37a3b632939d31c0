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
import { useConvexCrypto, useNodeCrypto } from "../lib/convexCrypto";
import { show, showSpread } from "../lib/markdown";
import type { Ask, Era } from "../lib/mcpRequest";
import { race, type Race, type Rates, type Runner } from "../lib/race";
import { agreement, agreementText, ranked, ratioTo } from "../lib/ranking";
import { isQuick, report } from "../lib/report";
import { root } from "../lib/root";
import { spread } from "../lib/stats";

await useConvexCrypto();

/** convex-test looks at every row for each query, so each batch starts on a new database, and is too short to fill it. */
const options: Race = isQuick
  ? { rounds: 2, batch: 60, inFlight: 1 }
  : { rounds: 40, batch: 60, inFlight: 1 };

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

const GATEWAY = "convex-mcp-gateway, 2026";
const TOOLGATE = "Toolgate, all guards";

const calls: Runner[] = [
  bareCall,
  { name: GATEWAY, ready: async () => expecting(await newGateway(), call("2026"), SUM) },
  ...(["2025", "2026"] as const).map((era) => ({
    name: `${TOOLGATE}, ${era}`,
    ready: async () => {
      const { t, key } = await newToolgate();
      return expecting(t, call(era, key), SUM);
    },
  })),
  { name: "Toolgate, the demo ERP's stock_level", ready: erpCall },
];

const lists: Runner[] = [
  {
    name: GATEWAY,
    ready: async () => expecting(await newGateway(), list("2026"), /"name":"add"/),
  },
  ...(["2025", "2026"] as const).map((era) => ({
    name: `${TOOLGATE}, ${era}`,
    ready: async () => {
      const { t, key } = await newToolgate();
      return expecting(t, list(era, key), /"name":"add"/);
    },
  })),
];

const called = await race(calls, options);
const listed = await race(lists, options);

/** The slower of the two eras. */
const least = (rates: Rates, base: string): number =>
  Math.min(...["2025", "2026"].map((era) => ratioTo(rates, `${TOOLGATE}, ${era}`, base)));

const ratio = least(called, GATEWAY);

/** Each with its ratio to the first that was raced. */
const tableOf = (method: string, rates: Rates) => {
  const [first = ""] = rates.keys();
  return {
    title: `${method}, per second`,
    head: ["server", "place", "1 in flight", `to ${first}`],
    rows: ranked(rates).map(({ name, place }) => [
      ...[name, place, showSpread(spread(rates.get(name) ?? []))],
      `${show(ratioTo(rates, name, first))} ×`,
    ]),
  };
};

/** What Node's thread pool would make of it. */
const withNodeCrypto = async (): Promise<string> => {
  useNodeCrypto();
  const rates = await race(
    calls.filter(({ name }) => name === GATEWAY || name.startsWith(TOOLGATE)),
    { ...options, rounds: Math.min(options.rounds, 10) },
  );
  return `With Node's own WebCrypto a call of Toolgate has ${show(least(rates, GATEWAY))} × the gateway's rate.`;
};

report({
  method: [
    "convex-test is itself most of the work, and looks at every row for each query, which Convex does not: compare these rows only with each other.",
    `Medians of ${String(options.rounds)} interleaved rounds of ${String(options.batch)} ms, each on a new backend and in another order; places and ratios as above.`,
    "Toolgate checks a real key, takes tokens, decides by role and writes an audit row. The gateway writes its audit row, lets everybody call and has no keys and no limits.",
    "WebCrypto runs at once for all of them, as it does on Convex and as above.",
  ],
  tables: [tableOf("tools/call", called), tableOf("tools/list", listed)],
  findings: [
    `A call of Toolgate has ${show(ratio)} × the gateway's rate, and ${show(least(called, bareCall.name))} × that of a bare httpAction. convex-test is most of it: it reads the validators of a function again for every call, and copies every row. Toolgate takes from two buckets, which are a quarter of a call by themselves, and reads a key and a role, all of which the gateway does not have.`,
    await withNodeCrypto(),
    agreementText([called, listed].map(agreement)),
  ],
});
