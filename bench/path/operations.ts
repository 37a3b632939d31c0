/** What is sent to the apps whose paths are measured, and what the least server runs for the same. */
import { defineSchema, defineTable, makeFunctionReference as functionRef } from "convex/server";
import { v } from "convex/values";
import erpSchema from "../../convex/schema";
import { ONLY_TENANT } from "../../src/data/principal";
import { toolgateTables } from "../../src/data/tables";
import { connectAgent, refresh } from "../../test/support/connect";
import type { Backend } from "../../test/support/gate";
import { deployedWithBare, type Modules } from "../lib/deployed";
import { initOf, type Ask } from "../lib/mcpRequest";
import { freshApp, type FreshApp, type Spent } from "./freshApp";

/** A request. It rejects if it is not answered as it should be. */
export interface Operation {
  readonly name: string;
  readonly run: () => Promise<Spent>;
  /** The least server's. */
  readonly floor: () => Promise<Spent>;
  /** What the evaluation may be of the floor's, if there is a goal. */
  readonly most?: number;
}

const CATALOG = "toolgate/catalog";

const sending =
  ({ t, spentBy }: FreshApp, ask: Ask, holds: string) =>
  () =>
    spentBy(async () => {
      const response = await t.fetch("/mcp", initOf(ask));
      const text = await response.text();
      if (response.status !== 200 || !text.includes(holds) || text.includes('"isError":true'))
        throw new Error(`${ask.method}: ${String(response.status)} ${text.slice(0, 300)}`);
    });

type Row = Record<string, string | number | boolean>;

/** Puts a row into a table and returns its id. */
const put = ({ t }: FreshApp, table: string, row: Row): Promise<string> =>
  t.run((ctx) => ctx.db.insert(table as never, row as never));

/** Of an app that has no tenants. */
const PRODUCT = { name: "Lamp", priceMinor: 100, tenant: ONLY_TENANT };

/** The least server of an app: it answers a query, a mutation and a job. */
const floorsOf = async (modules: Modules) => {
  const bare = modules.get("bare");
  if (bare === undefined) throw new Error("there is no bare server");
  const app = freshApp(defineSchema({}), new Map([...modules, ["http", bare]]));
  const id = await put(app, "products", PRODUCT);
  const running = (runs: string, args: object) => () =>
    app.spentBy(async () => {
      const init = { method: "POST", body: JSON.stringify({ runs, args }) };
      const response = await app.t.fetch("/mcp", init);
      if (response.status !== 200) throw new Error(`${runs}: ${await response.text()}`);
    });
  const name = "Ada";
  return {
    query: running("query", { id }),
    ...{ mutation: running("mutation", { name }), job: running("job", { name }) },
  };
};

const keyOf = async ({ t }: FreshApp, more = {}): Promise<string> => {
  const args = { role: "admin", name: "bench", ...more };
  const { key } = (await t.action(functionRef<"action">("toolgate/admin:createKey"), args)) as {
    key: string;
  };
  return key;
};

const call = (key: string, name: string, args: object, more: Partial<Ask> = {}): Ask => ({
  ...{ era: "2025", key, method: "tools/call", params: { name, arguments: args } },
  ...more,
});

/** The demo app, whose agents may have keys or OAuth. */
const ofErp = async (): Promise<Operation[]> => {
  const modules = await deployedWithBare("convex");
  const [app, floor] = [freshApp(erpSchema as never, modules, [CATALOG]), await floorsOf(modules)];
  await app.t.mutation(functionRef<"mutation">("erp/seed:demo"), {});
  const key = await keyOf(app, { tenant: "acme" });
  const product = await app.t.run((ctx) => ctx.db.query("products" as never).first());
  const { _id: productId } = product as unknown as { _id: string };
  const backend = app.t as unknown as Backend;
  const { tokens, clientId } = await connectAgent(backend, key);
  let last = tokens.refresh_token;
  const refreshing = async () => {
    const { status, json, text } = await refresh(backend, { clientId }, last);
    if (status !== 200) throw new Error(text);
    last = json.refresh_token as string;
  };
  let count = 0;
  const customer = () => `C${String(++count)}`;
  const created = () => ({ name: customer(), email: `${customer()}@example.com` });
  const imported = () => ({ lines: JSON.stringify(created()) });
  const task = { era: "2026", extensions: { "io.modelcontextprotocol/tasks": {} } } as const;
  return [
    {
      name: "ERP: tools/list",
      run: sending(app, { era: "2025", key, method: "tools/list" }, "stock_level"),
      floor: floor.query,
    },
    {
      name: "ERP: query tool (stock_level)",
      run: sending(app, call(key, "stock_level", { productId }), "onHand"),
      ...{ floor: floor.query, most: 3.5 },
    },
    {
      name: "ERP: mutation tool (customers_create)",
      run: () => sending(app, call(key, "customers_create", created()), "createdAt")(),
      ...{ floor: floor.mutation, most: 3 },
    },
    {
      name: "ERP: job (customers_import), until it has ended",
      run: () => sending(app, call(key, "customers_import", imported(), task), "taskId")(),
      floor: floor.job,
    },
    {
      name: "ERP: refresh of an OAuth token",
      ...{ run: () => app.spentBy(refreshing), floor: floor.mutation },
    },
  ];
};

/** Beside the tools of the app, which do not ask who calls, two that do. */
const TOOLS = `
  products_get: () => tool.query(internal.queryTool.get, { permission: "notes:read", principal: true, description: "A product." }),
  customers_add: () => tool.mutation(internal.mutationTool.add, { permission: "notes:write", principal: true, destructive: false, idempotent: false, description: "Add a customer." }),
};
`;

/** The smallest app that an adopter has, without OAuth; all of its tools are written with `v`. */
const ofSmallest = async (): Promise<Operation[]> => {
  const modules = await deployedWithBare("examples/smallest/convex", {
    "toolgate/tools.ts": (text) =>
      text.replace("import { api }", "import { api, internal }").replace("\n};\n", TOOLS),
    "toolgate/catalog.ts": (text) =>
      text
        .replace("{ notes }", "{ notes, queryTool, mutationTool }")
        .replace(
          "import *",
          'import * as queryTool from "../queryTool";\nimport * as mutationTool from "../mutationTool";\nimport *',
        ),
  });
  const tables = { ...toolgateTables, notes: defineTable({ text: v.string() }) };
  const schema: ReturnType<typeof defineSchema> = defineSchema(tables as never);
  const [app, floor] = [freshApp(schema, modules, [CATALOG]), await floorsOf(modules)];
  const key = await keyOf(app);
  const id = await put(app, "products", PRODUCT);
  return [
    {
      name: "smallest app: tools/list",
      run: sending(app, { era: "2025", key, method: "tools/list" }, "notes_list"),
      floor: floor.query,
    },
    {
      name: "smallest app: query tool, with v",
      run: sending(app, call(key, "notes_list", {}), "result"),
      floor: floor.query,
    },
    {
      name: "smallest app: mutation tool, with v",
      run: sending(app, call(key, "notes_add", { text: "Call Ada." }), "result"),
      floor: floor.mutation,
    },
    {
      name: "query tool that knows its caller, with v",
      run: sending(app, call(key, "products_get", { id }), "Lamp"),
      ...{ floor: floor.query, most: 3 },
    },
    {
      name: "mutation tool that knows its caller, with v",
      run: sending(app, call(key, "customers_add", { name: "Ada" }), "result"),
      ...{ floor: floor.mutation, most: 2.5 },
    },
  ];
};

export const operations = async (): Promise<Operation[]> => [
  ...(await ofErp()),
  ...(await ofSmallest()),
];
