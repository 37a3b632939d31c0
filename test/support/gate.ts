/// <reference types="vite/client" />
/** The deployed app in convex-test, with keys for it and short ways to call it over HTTP. */
import { convexTest } from "convex-test";
import type { FunctionReturnType } from "convex/server";
import { expect } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc, TableNames } from "../../convex/_generated/dataModel";
import { app } from "../../convex/toolgate/tools";
import schema from "../../convex/schema";
import { SITE_URL } from "./siteUrl";

const modules = import.meta.glob("../../convex/**/*.*s");

export { SITE_URL };

process.env.TOOLGATE_PEPPERS = `test:${"pepper-".repeat(6)}`;
process.env.CONVEX_SITE_URL = SITE_URL;

export const roles = Object.keys(app.roles());

/** @param overrides - modules to serve instead of the app's, by path relative to this folder. */
export const newBackend = (overrides: Record<string, () => Promise<unknown>> = {}) =>
  convexTest(schema, { ...modules, ...overrides });

export type Backend = ReturnType<typeof newBackend>;

type KeyArgs = (typeof internal.toolgate.admin.createKey)["_args"];
export type IssuedKey = FunctionReturnType<typeof internal.toolgate.admin.createKey>;

/** Issues a key; an admin of acme unless told otherwise. */
export const issueKey = (t: Backend, args: Partial<KeyArgs> = {}): Promise<IssuedKey> =>
  t.action(internal.toolgate.admin.createKey, {
    tenant: "acme",
    role: "admin",
    name: "test key",
    ...args,
  });

/** Two tenants without data, or with the demo data. The app is the ERP unless given. */
export const newServer = async ({
  demo = false,
  t = newBackend(),
}: { readonly demo?: boolean; readonly t?: Backend } = {}): Promise<Backend> => {
  if (demo) await t.mutation(internal.erp.seed.demo, {});
  else {
    await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
    await t.mutation(internal.erp.tenants.create, {
      slug: "globex",
      name: "Globex",
      currency: "USD",
    });
  }
  return t;
};

export const jsonHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or the last message of a stream; undefined if there is neither. */
  readonly json: {
    readonly id?: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: { code: number; message: string; data?: unknown };
  };
}

const read = async (response: Response): Promise<Reply> => {
  const text = await response.text();
  const type = response.headers.get("content-type");
  const last =
    type === "text/event-stream"
      ? text
          .match(/^data: .*$/gm)
          ?.at(-1)
          ?.slice(6)
      : text;
  const isJson = last !== undefined && (last !== text || type === "application/json");
  const json = (isJson ? JSON.parse(last) : undefined) as Reply["json"];
  return { status: response.status, headers: response.headers, text, json };
};

/** Sends any request to /mcp. */
export const send = async (t: Backend, init: RequestInit, path = "/mcp"): Promise<Reply> =>
  read(await t.fetch(path, init));

/** Posts a JSON-RPC message, or a text as it is. */
export const post = (
  t: Backend,
  key: string | undefined,
  message: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> =>
  send(t, {
    method: "POST",
    headers: { ...jsonHeaders, ...(key === undefined ? {} : bearer(key)), ...headers },
    body: typeof message === "string" ? message : JSON.stringify(message),
  });

export const rpc = (t: Backend, key: string, method: string, params?: object) =>
  post(t, key, { jsonrpc: "2.0", id: 1, method, ...(params ? { params } : {}) });

export interface ToolResult {
  readonly content: { type: "text"; text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
  readonly _meta?: Record<string, unknown>;
}

/** The `_meta` of a result that says nothing but the operation of its call. */
export const onlyOperation = { "toolgate/operation": expect.any(String) as string };

/** A result or a reply, less the operations that its `_meta` names: calls differ in them. */
export const withoutOperation = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (name, member: Record<string, unknown>) => {
      if (name !== "_meta") return member;
      const { "toolgate/operation": _own, "toolgate/original": _first, ...rest } = member;
      return Object.keys(rest).length === 0 ? undefined : rest;
    }),
  ) as T;

/** Calls a tool in the 2025 manner; fails unless the reply is a result. */
export const callTool = async (
  t: Backend,
  key: string,
  name: string,
  args: object = {},
): Promise<ToolResult> => {
  const { json, text } = await rpc(t, key, "tools/call", { name, arguments: args });
  if (json.result === undefined) expect.fail(`no result: ${text}`);
  return json.result as unknown as ToolResult;
};

export const listTools = async (t: Backend, key: string): Promise<{ name: string }[]> => {
  const { json } = await rpc(t, key, "tools/list");
  return (json.result as { tools: { name: string }[] }).tools;
};

/** Every row of a table. */
export const rows = <Table extends TableNames>(t: Backend, table: Table): Promise<Doc<Table>[]> =>
  t.run(async (ctx) => (await ctx.db.query(table).collect()) as Doc<Table>[]);

const tables = Object.keys(schema.tables) as TableNames[];

/** Everything in the database, to compare or to search. */
export const dump = async (t: Backend): Promise<Record<string, unknown[]>> =>
  Object.fromEntries(
    await Promise.all(tables.map(async (table) => [table, await rows(t, table)] as const)),
  );
