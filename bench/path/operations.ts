/** What is sent to the apps whose paths are measured, and what the least server runs for the same. */
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import type { Modules } from "../../.ci/weight/deployed";
import erpSchema from "../../convex/schema";
import { toolgateTables } from "../../src/data/tables";
import { connectAgent, refresh } from "../../test/support/connect";
import type { Backend } from "../../test/support/gate";
import { demoCalls } from "../lib/demo";
import { callOf, initOf, type Ask } from "../lib/mcpRequest";
import { measuredApp, type MeasuredApp, type Spent } from "./stopwatch";

type Sent = () => Promise<Spent>;

/** A request, the least server's, and what the evaluation may be of that one's, if there is a goal. Both reject a wrong answer. */
export type Operation = readonly [run: Sent, floor: Sent, most?: number];

/** By name. */
export type Operations = Readonly<Record<string, Operation>>;

const posting = ({ fetch, spentBy }: MeasuredApp, init: RequestInit, holds: string) =>
  spentBy(async () => {
    const response = await fetch("/mcp", init);
    const text = await response.text();
    if (response.status !== 200 || !text.includes(holds) || text.includes('"isError":true'))
      throw new Error(`${String(response.status)} ${text.slice(0, 300)}`);
  });

/** The least server of an app: it answers a query, a mutation and a job. */
const floorsOf = async (modules: Modules) => {
  const bare = modules.get("bare");
  if (bare === undefined) throw new Error("there is no bare server");
  const app = measuredApp(defineSchema({}), new Map([...modules, ["http", bare]]));
  const product = { name: "Lamp", priceMinor: 100 };
  const id = await app.run(({ db }) => db.insert("products" as never, product as never));
  const running = (runs: string, args: object) => () =>
    posting(app, { method: "POST", body: JSON.stringify({ runs, args }) }, "");
  const name = "Ada";
  return {
    query: running("query", { id }),
    ...{ mutation: running("mutation", { name }), job: running("job", { name }) },
  };
};

const keyOf = async ({ action }: MeasuredApp, more = {}): Promise<string> => {
  const args = { role: "admin", name: "bench", ...more };
  return ((await action("toolgate/admin:createKey", args)) as { key: string }).key;
};

/** Sends what is made anew each time. */
const sending = (app: MeasuredApp, ask: () => Ask, holds: string) => () =>
  posting(app, initOf(ask()), holds);

/** The demo app, whose agents may have keys or OAuth. */
export const ofErp = async (modules: Modules): Promise<Operations> => {
  const [app, floor] = [measuredApp(erpSchema, modules), await floorsOf(modules)];
  await app.mutation("erp/seed:demo");
  const key = await keyOf(app, { tenant: "acme" });
  const backend = app as unknown as Backend;
  const { tokens, clientId } = await connectAgent(backend, key);
  let last = tokens.refresh_token;
  const refreshing = async () => {
    const { status, json, text } = await refresh(backend, { clientId }, last);
    if (status !== 200) throw new Error(text);
    last = json.refresh_token as string;
  };
  const { query, mutation, job } = await demoCalls(app, key);
  const tasks = { extensions: { "io.modelcontextprotocol/tasks": {} } };
  const importing = (): Ask => ({ ...job(), ...tasks, era: "2026" });
  const list = (): Ask => ({ era: "2025", key, method: "tools/list" });
  return {
    "ERP: tools/list": [sending(app, list, "stock_level"), floor.query],
    "ERP: query tool (stock_level)": [sending(app, query, "onHand"), floor.query, 3.5],
    "ERP: mutation tool (customers_create)": [
      sending(app, mutation, "createdAt"),
      floor.mutation,
      3,
    ],
    "ERP: job (customers_import), until it has ended": [
      sending(app, importing, "taskId"),
      floor.job,
    ],
    "ERP: refresh of an OAuth token": [() => app.spentBy(refreshing), floor.mutation],
  };
};

/** The smallest app that an adopter has, without OAuth; all of its tools are written with `v`. */
export const ofSmallest = async (modules: Modules): Promise<Operations> => {
  const tables = { ...toolgateTables, notes: defineTable({ text: v.string() }) };
  const schema: object = defineSchema(tables as never);
  const [app, floor] = [measuredApp(schema, modules), await floorsOf(modules)];
  const key = await keyOf(app);
  const list = (): Ask => ({ era: "2025", key, method: "tools/list" });
  const query = () => callOf(key, "notes_list", {});
  const mutation = () => callOf(key, "notes_add", { text: "Call Ada." });
  return {
    "smallest app: tools/list": [sending(app, list, "notes_list"), floor.query],
    "smallest app: query tool, with v": [sending(app, query, "result"), floor.query, 3],
    "smallest app: mutation tool, with v": [sending(app, mutation, "result"), floor.mutation, 2.5],
  };
};
