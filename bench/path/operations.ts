/** What is sent to the apps whose paths are measured, and what the least server runs for the same. */
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import type { Modules } from "../../.ci/weight/deployed";
import erpSchema from "../../convex/schema";
import { toolgateTables } from "../../src/data/tables";
import { connectAgent, refresh } from "../../test/support/connect";
import type { Backend } from "../../test/support/gate";
import { demoCalls } from "../lib/demo";
import { answerOf, callOf, initOf, type Ask } from "../lib/mcpRequest";
import { measuredApp, type MeasuredApp, type Spent } from "./stopwatch";

type Sent = () => Promise<Spent>;

/** A request, the least server's, and what the evaluation may be of that one's, if there is a goal. Both reject a wrong answer. */
export type Operation = readonly [run: Sent, floor: Sent, most?: number];

/** By name. */
export type Operations = Readonly<Record<string, Operation>>;

const listOf = (key: string) => (): Ask => ({ era: "2025", key, method: "tools/list" });

const posting = ({ fetch, spentBy }: MeasuredApp, init: RequestInit, holds?: string) =>
  spentBy(async () => answerOf(await fetch("/mcp", init), holds));

/** The least server of an app: it answers a query, a mutation and a job. */
const floorsOf = async (modules: Modules) => {
  const app = measuredApp(defineSchema({}), new Map([...modules, ["http", modules.get("bare")!]]));
  const product = { name: "Lamp", priceMinor: 100 };
  const id = await app.run(({ db }) => db.insert("products" as never, product as never));
  const running = (runs: string, args: object) => () =>
    posting(app, { method: "POST", body: JSON.stringify({ runs, args }) });
  const name = "Ada";
  return {
    query: running("query", { id }),
    ...{ mutation: running("mutation", { name }), job: running("job", { name }) },
  };
};

/** An app and its least server. What is sent is made anew each time. */
const serversOf = async (schema: object, modules: Modules) => {
  const [app, floor] = [measuredApp(schema, modules), await floorsOf(modules)];
  const send = (ask: () => Ask, holds: string) => () => posting(app, initOf(ask()), holds);
  const newKey = async (more = {}): Promise<string> => {
    const args = { role: "admin", name: "bench", ...more };
    return ((await app.action("toolgate/admin:createKey", args)) as { key: string }).key;
  };
  return { app, floor, send, newKey };
};

/** The demo app, whose agents may have keys or OAuth. */
export const ofErp = async (modules: Modules): Promise<Operations> => {
  const { app, floor, send, newKey } = await serversOf(erpSchema, modules);
  await app.mutation("erp/seed:demo");
  const key = await newKey({ tenant: "acme" });
  const backend = app as unknown as Backend;
  const { tokens, clientId } = await connectAgent(backend, key);
  let last = tokens.refresh_token;
  const refreshing = async () => {
    const { status, json, text } = await refresh(backend, { clientId }, last);
    if (status !== 200) throw new Error(text);
    last = json.refresh_token as string;
  };
  const { query, mutation, job } = await demoCalls(app, key);
  const extensions = { "io.modelcontextprotocol/tasks": {} };
  const task = (): Ask => ({ ...job(), extensions, era: "2026" });
  return {
    "ERP: tools/list": [send(listOf(key), "stock_level"), floor.query],
    "ERP: query tool (stock_level)": [send(query, "onHand"), floor.query, 3.5],
    "ERP: mutation tool (customers_create)": [send(mutation, "createdAt"), floor.mutation, 3],
    "ERP: job (customers_import), until it has ended": [send(task, "taskId"), floor.job],
    "ERP: refresh of an OAuth token": [() => app.spentBy(refreshing), floor.mutation],
  };
};

/** The smallest app that an adopter has, without OAuth; all of its tools are written with `v`. */
export const ofSmallest = async (modules: Modules): Promise<Operations> => {
  const tables = { ...toolgateTables, notes: defineTable({ text: v.string() }) };
  const { floor, send, newKey } = await serversOf(defineSchema(tables as never), modules);
  const key = await newKey();
  const query = () => callOf(key, "notes_list", {});
  const mutation = () => callOf(key, "notes_add", { text: "Call Ada." });
  return {
    "smallest app: tools/list": [send(listOf(key), "notes_list"), floor.query],
    "smallest app: query tool, with v": [send(query, "result"), floor.query, 3],
    "smallest app: mutation tool, with v": [send(mutation, "result"), floor.mutation, 2.5],
  };
};
