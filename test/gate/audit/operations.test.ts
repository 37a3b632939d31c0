/** Every call has an operation: its audit rows, its result, what it wrote and what its function was told have the same one. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import type { Doc, TableNames } from "../../../convex/_generated/dataModel";
import { internalAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { insertCustomer } from "../../../convex/erp/customerRows";
import { insertProduct } from "../../../convex/erp/products";
import { erpTables } from "../../../convex/erp/tables";
import { chain } from "../../../convex/toolgate/chain";
import { principalValidator, type Identity, type Principal } from "../../../src/data/principal";
import type { Guard } from "../../../src/middleware/guard";
import { prompt, type Prompts } from "../../../src/registry/prompts";
import { resource, type Resources } from "../../../src/registry/resources";
import { tool, type ToolKind, type Tools } from "../../../src/registry/tools";
import { newApp } from "../../support/app";
import { modern } from "../../support/askingApp";
import {
  callTool,
  issueKey,
  post,
  rows,
  rpc,
  type Reply,
  type ToolResult,
} from "../../support/gate";
import { TASKS } from "../../support/streamClient";
import { within } from "../../support/within";
import { ada, added, audit, call, issued, key, serveFrom, t } from "./setup";

const OPERATION = "toolgate/operation";
const ORIGINAL = "toolgate/original";
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

const metaOf = ({ json }: Reply) => (json.result?._meta ?? {}) as Record<string, unknown>;

/** The rows of the ERP that tools write, by their tables. */
const erpRows = async (): Promise<[string, Doc<"orders">][]> => {
  const tables = Object.keys(erpTables).filter((table) => table !== "tenants");
  const all = await Promise.all(
    tables.map(async (table) =>
      (await rows(t, table as TableNames)).map((row) => [table, row] as [string, Doc<"orders">]),
    ),
  );
  return all.flat();
};

/** A product and a customer, which no call made. */
const stock = () =>
  t.run(async (ctx) => {
    const tenant = (await ctx.db.query("tenants").first())!;
    const product = { sku: "A", name: "A", unitPriceMinor: 5 };
    return {
      productId: await insertProduct(within(ctx, tenant), product),
      customerId: await insertCustomer(within(ctx, tenant), ada),
    };
  });

describe("the rows of the ERP", () => {
  test("of 100 equal calls name one audit row each, and the other way round", async () => {
    const { productId, customerId } = await stock();
    const order = { customerId, lines: [{ productId, quantity: 1 }] };
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => call("orders_create", order)),
    );
    const orders = (await rows(t, "orders")).map(({ operation }) => operation);
    const told = replies.map((reply) => metaOf(reply)[OPERATION]);
    const audited = (await audit()).filter((row) => row.tool === "orders_create");
    expect(new Set(orders).size).toBe(100);
    expect(told.sort()).toEqual(orders.sort());
    expect(audited.map(({ operation }) => operation).sort()).toEqual(orders);
  });

  test("of every kind name the call that wrote them last, by its own row", async () => {
    const { productId, customerId } = await stock();
    const made = async (name: string, args: object) => {
      const { json, text } = await call(name, args);
      const { isError, structuredContent } = json.result as unknown as ToolResult;
      expect([name, isError ?? false, text]).toEqual([name, false, text]);
      return structuredContent as { id: string; orderId: string; invoiceId: string };
    };
    await made("stock_adjust", { productId, quantity: 9, reason: "received" });
    const lines = [{ productId, quantity: 1 }];
    const draft = async () => (await made("orders_create", { customerId, lines })).id;
    const confirmed = async () => {
      const orderId = await draft();
      await made("orders_confirm", { orderId, expectedTotalMinor: 5 });
      return orderId;
    };
    await draft();
    await made("orders_cancel", { orderId: await confirmed(), reason: "x", confirm: true });
    await confirmed();
    const orderId = await confirmed();
    const { id: invoiceId } = await made("invoices_issue", { orderId, confirm: true });
    const payment = { invoiceId, amountMinor: 5, method: "cash", reference: "r" };
    await made("payments_record", payment);
    await made("customers_create", { name: "Bob", email: "bob@example.com" });
    await made("customers_update", { customerId, city: "Turin" });
    await made("customers_import", { lines: '{"name":"Eve","email":"eve@example.com"}' });
    await made("periods_close", { period: "2020-01" });
    const ended = new Map(
      (await audit())
        .filter(({ outcome }) => outcome === "succeeded")
        .map((row) => [row.operation, row]),
    );
    // No tool adds a product; the one here has its row, and a place among the texts that are searched.
    const isProduct = (row: object) => "table" in row && row.table === "products";
    const written = (await erpRows()).filter(
      ([, row]) => row._id !== (productId as string) && !isProduct(row),
    );
    const kinds = new Set(written.map(([table]) => table));
    expect(kinds.size).toBe(Object.keys(erpTables).length - 2);
    const tools = written.map(([table, { operation }]) => [table, ended.get(operation)?.tool]);
    expect(tools.filter(([, name]) => name === undefined)).toEqual([]);
    expect(tools).toContainEqual(["invoices", "payments_record"]);
    expect(tools).toContainEqual(["customers", "customers_import"]);
    expect(tools).toContainEqual(["periodCloses", "periods_close"]);
  });

  test("show it to no caller", async () => {
    const { customerId } = await stock();
    const { text } = await call("customers_update", { customerId, city: "Turin" });
    expect(text.split("operation")).toHaveLength(2);
  });
});

type Asked = { principal: Principal };
const ref = <Kind extends ToolKind>(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    "internal",
    Asked
  >;
const reads = { permission: "products:read", description: "x", principal: true } as const;
const writes = {
  ...reads,
  permission: "stock:adjust",
  destructive: false,
  idempotent: false,
} as const;
const textOf = { args: { principal: principalValidator() }, returns: v.string() };

const tools: Tools = {
  query: () => tool.query(ref<"query">("read"), reads),
  mutation: () => tool.mutation(ref<"mutation">("write"), writes),
  action: () => tool.action(ref<"action">("run"), writes),
};
const resources: Resources = {
  "probe://me": () =>
    resource(ref<"query">("text"), { ...reads, name: "me", mimeType: "text/plain" }),
};
const prompts: Prompts = { me: () => prompt(ref<"query">("messages"), reads) };

const functions = {
  read: internalQuery({ ...textOf, handler: async (_ctx, { principal }) => principal.operation }),
  write: internalMutation({
    ...textOf,
    handler: async (_ctx, { principal }) => principal.operation,
  }),
  run: internalAction({ ...textOf, handler: async (_ctx, { principal }) => principal.operation }),
  text: internalQuery({
    args: textOf.args,
    handler: async (_ctx, { principal }) => ({ text: principal.operation }),
  }),
  messages: internalQuery({
    args: textOf.args,
    handler: async (_ctx, { principal: { operation } }) => ({
      messages: [{ role: "user", content: { type: "text", text: operation } }],
    }),
  }),
};

/** An app's own guard, whose principal has an operation already. */
const naming: Guard<object, { principal: Identity }> = {
  decide: (_tx, { principal }, next) =>
    next({ principal: { ...principal, operation: "the guard's own" } }),
};

const serveProbe = async (...more: readonly Guard<object, { principal: Identity }>[]) => {
  const server = newApp({
    registry: { tools, resources, prompts },
    functions: { probe: functions },
    chain: [...chain, ...more] as unknown as typeof chain,
  });
  await server.mutation(internal.erp.tenants.create, { slug: "acme", name: "A", currency: "EUR" });
  serveFrom(server, (await issueKey(server)).key);
};

describe("the function", () => {
  test.each<[string, string, object, string[]]>([
    ["a query", "tools/call", { name: "query" }, ["answered"]],
    ["a mutation", "tools/call", { name: "mutation" }, ["succeeded"]],
    ["an action", "tools/call", { name: "action" }, ["started", "succeeded"]],
    ["a resource", "resources/read", { uri: "probe://me" }, ["answered"]],
    ["a prompt", "prompts/get", { name: "me" }, ["answered"]],
  ])(
    "behind %s is told the operation of its rows and of its result",
    async (_what, method, params, outcomes) => {
      await serveProbe();
      let reply!: Reply;
      const written = await added(async () => (reply = await rpc(t, key, method, params)));
      const operation = metaOf(reply)[OPERATION] as string;
      expect(operation).toMatch(UUID);
      expect(written.map((row) => [row.operation, row.outcome])).toEqual(
        outcomes.map((outcome) => [operation, outcome]),
      );
      // What the function was told, and the result's own.
      expect(reply.text.split(operation).length).toBeGreaterThan(2);
    },
  );

  test.each<[string, string, object]>([
    ["a query", "tools/call", { name: "query" }],
    ["a mutation", "tools/call", { name: "mutation" }],
    ["a resource", "resources/read", { uri: "probe://me" }],
    ["a prompt", "prompts/get", { name: "me" }],
  ])(
    "behind %s is told none that a guard of the app's own names",
    async (_what, method, params) => {
      await serveProbe(naming);
      let reply!: Reply;
      const written = await added(async () => (reply = await rpc(t, key, method, params)));
      const operation = metaOf(reply)[OPERATION] as string;
      expect(operation).toMatch(UUID);
      expect(written.map((row) => row.operation)).toEqual([operation]);
      expect(reply.text.split(operation).length).toBeGreaterThan(2);
    },
  );

  test("of a job that is polled as a task too", async () => {
    await serveProbe();
    const capabilities = { extensions: { [TASKS]: {} } };
    const started = await modern(t, key, "tools/call", { name: "action" }, capabilities);
    const operation = metaOf(started)[OPERATION];
    await t.finishInProgressScheduledFunctions();
    const { taskId } = started.json.result as unknown as { taskId: string };
    const { json } = await modern(t, key, "tasks/get", { taskId }, capabilities);
    expect(json.result?.result).toMatchObject({
      ...{ structuredContent: { result: operation }, _meta: { [OPERATION]: operation } },
    });
    expect((await rows(t, "toolgateJobs"))[0]!.operation).toBe(operation);
  });
});

describe("a repeated call", () => {
  test.each(["mutation", "action"])(
    "of one kind (%s) has its own, and names that of the first",
    async (name) => {
      await serveProbe();
      const once = { name, arguments: { idempotencyKey: "repeated-1" } };
      const first = metaOf(await rpc(t, key, "tools/call", once))[OPERATION];
      let reply!: Reply;
      const [row, ...more] = await added(
        async () => (reply = await rpc(t, key, "tools/call", once)),
      );
      const { [OPERATION]: second, [ORIGINAL]: original } = metaOf(reply);
      expect([second === first, original, more]).toEqual([false, first, []]);
      expect(row).toMatchObject({ outcome: "replayed", operation: second, original: first });
      expect(reply.json.result?.structuredContent).toEqual({ result: first });
      for (const record of await rows(t, "toolgateIdempotency"))
        expect(record.operation).toBe(first);
    },
  );
});

describe("a call that is not carried out", () => {
  test.each<[string, string, object, string]>([
    ["bad arguments", "customers_create", {}, "invalid_arguments"],
    ["an id that is not there", "customers_get", { customerId: "x" }, "not_found"],
    ["the key's constraint", "orders_list", { limit: 6 }, "not_allowed"],
    ["a question that nobody can answer", "orders_cancel", { orderId: "x", reason: "y" }, ""],
  ])("has a result that names it: %s", async (_what, name, args, code) => {
    const bound = await issueKey(t, { constraints: { orders_list: { limit: { max: 5 } } } });
    let reply!: Reply;
    const [row] = await added(async () => (reply = await call(name, args, bound.key)));
    expect(reply.json.result).toMatchObject({
      isError: true,
      _meta: { [OPERATION]: row!.operation },
    });
    expect(reply.text).toContain(code);
  });

  test.each<[string, () => Promise<Reply>]>([
    ["an unknown tool", () => call("nonesuch")],
    ["an unknown method", () => rpc(t, key, "nonesuch")],
    ["a revoked key", () => rpc(t, key, "ping")],
  ])("has a row that names it: %s", async (what, work) => {
    if (what === "a revoked key") {
      await t.mutation(internal.toolgate.admin.revokeKey, { keyId: issued.keyId });
    }
    const [row] = await added(work);
    expect(row!.operation).toMatch(UUID);
  });
});

describe("traceparent", () => {
  const hex = (length: number) =>
    fc.string({
      unit: fc.constantFrom(...Array.from("0123456789abcdef")),
      minLength: length,
      maxLength: length,
    });
  const ids = fc
    .tuple(hex(32), hex(16), hex(2))
    .filter(([a, b]) => /[^0]/.test(a) && /[^0]/.test(b));
  const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  const kept = async (meta?: unknown, header?: string): Promise<string | undefined> => {
    const params = meta === undefined ? {} : { _meta: { traceparent: meta } };
    const message = { jsonrpc: "2.0", id: 1, method: "ping", params };
    const [row] = await added(() =>
      post(t, key, message, header === undefined ? {} : { traceparent: header }),
    );
    return row!.traceparent;
  };

  test("that is well formed is kept, from the header or _meta", async () => {
    await fc.assert(
      fc.asyncProperty(ids, fc.boolean(), async ([trace, parent, flags], inMeta) => {
        const value = `00-${trace}-${parent}-${flags}`;
        expect(await (inMeta ? kept(value) : kept(undefined, value))).toBe(value);
      }),
      { numRuns: 12 },
    );
  });

  test.each<[unknown, string | undefined, string | undefined]>([
    [good, other, good],
    [undefined, other, other],
    ["nonsense", other, other],
    [{}, undefined, undefined],
    [`${good}-more`, undefined, undefined],
    [`01${good.slice(2)}-more`, undefined, `01${good.slice(2)}`],
    [`01${good.slice(2)}`, undefined, `01${good.slice(2)}`],
    [`ff${good.slice(2)}`, undefined, undefined],
    [good.toUpperCase(), undefined, undefined],
    [good.replace(/4bf.*4736/, "0".repeat(32)), undefined, undefined],
    [good.replace("00f067aa0ba902b7", "0".repeat(16)), undefined, undefined],
    [undefined, `${good}, ${other}`, undefined],
    [undefined, ` ${good} `, good],
    [`${good}\n`, undefined, undefined],
    ["", undefined, undefined],
  ])("in _meta %j and in the header %j leaves %j", async (meta, header, expected) => {
    expect(await kept(meta, header)).toBe(expected);
  });
});

describe("the list for operators", () => {
  const list = (args: object) => t.query(internal.toolgate.admin.listAudit, args);

  test("shows the rows of one operation, the newest first", async () => {
    const lines = '{"name":"Eve","email":"eve@example.com"}';
    const operation = metaOf(await call("customers_import", { lines }))[OPERATION] as string;
    await callTool(t, key, "customers_search");
    const { entries } = await list({ operation });
    expect(entries.map((entry) => [entry.operation, entry.method, entry.outcome])).toEqual([
      [operation, "job/end", "succeeded"],
      [operation, "tools/call", "started"],
    ]);
    expect((await list({ operation: "nonesuch" })).entries).toEqual([]);
  });

  test("takes a second filter beside it", async () => {
    const operation = metaOf(await call("customers_search"))[OPERATION] as string;
    const found = async (tenant: string) => (await list({ operation, tenant })).entries.length;
    expect([await found("acme"), await found("globex")]).toEqual([1, 0]);
  });
});
