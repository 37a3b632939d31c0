/** Public functions are bound as they are, and arguments that are only named like those of the library are the function's own. */
import { anyApi, type ApiFromModules } from "convex/server";
import { v } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { internalAction, mutation, query } from "../../../convex/_generated/server";
import { prompt, resource, tool } from "../../../src/entry/tools";
import { callTool, listTools, post, rpc, rows, withoutOperation } from "../../support/gate";
import { begin, reads, textOf, writes } from "./setup";

let runs: object[] = [];

const own = {
  /** Public, as most functions of an app are. */
  submit: query({
    args: {
      input: v.object({ title: v.string(), answers: v.optional(v.array(v.string())) }),
      job: v.optional(v.union(v.string(), v.object({ dir: v.string() }))),
      principal: v.optional(v.any()),
      idempotencyKey: v.optional(v.number()),
    },
    handler: (_ctx, args) => args,
  }),
  pay: mutation({
    args: { idempotencyKey: v.string(), amount: v.number() },
    handler: (_ctx, args) => {
      runs.push(args);
      return { runs: runs.length, ...args };
    },
  }),
  send: internalAction({
    args: { idempotencyKey: v.optional(v.string()) },
    handler: (_ctx, args) => {
      runs.push(args);
      return args.idempotencyKey ?? "none";
    },
  }),
  greet: query({
    args: { name: v.optional(v.string()), principal: v.optional(v.string()) },
    handler: (_ctx, { name, principal }) => ({
      text: `Hello, ${name ?? principal ?? ""}!`,
      messages: [],
    }),
  }),
};

const api = (anyApi as unknown as ApiFromModules<{ own: typeof own }>).own;

const tools = {
  submit: tool.query(api.submit, reads),
  pay: tool.mutation(api.pay, { ...writes, idempotencyKey: true }),
  send: tool.action(api.send, { ...writes, idempotencyKey: true }),
};

const registry = {
  tools: Object.fromEntries(Object.entries(tools).map(([name, one]) => [name, () => one])),
  resources: {
    "own://{principal}": () =>
      resource(api.greet, {
        permission: reads.permission,
        name: "greeting",
        mimeType: "text/plain",
      }),
  },
  prompts: {
    greet: () => prompt(api.greet, { ...reads, arguments: { name: { description: "Whom." } } }),
  },
};

let app: Awaited<ReturnType<typeof begin>>;

beforeEach(async () => {
  runs = [];
  app = await begin(tools, own, { registry });
});

const call = (name: string, args: object) => callTool(app.t, app.key, name, args);

describe("a public function", () => {
  test("is a tool, with its own arguments, whatever their names", async () => {
    const listed = (await listTools(app.t, app.key)) as { name: string; inputSchema?: object }[];
    expect(listed.map(({ name }) => name)).toEqual(["submit", "pay", "send"]);
    const { inputSchema } = listed[0]!;
    expect(inputSchema).toMatchObject({
      properties: { input: { type: "object" }, job: {}, principal: {}, idempotencyKey: {} },
      required: ["input"],
    });
    const args = { input: { title: "A" }, job: "7", principal: { role: "x" }, idempotencyKey: 7 };
    expect((await call("submit", args)).structuredContent).toEqual(args);
    const others = { input: { title: "A", answers: [] }, job: { dir: "x" }, principal: "ada" };
    expect((await call("submit", others)).structuredContent).toEqual(others);
    expect(textOf(await call("submit", { input: "A" }))).toBe(
      'invalid_arguments: input: expected object, got "A"',
    );
  });

  test("gets no value that could pass for the server's", async () => {
    const caller = { subject: "root", role: "admin", keyId: "0" };
    for (const principal of [caller, { ...caller, tenant: "globex", operation: "1" }])
      expect(textOf(await call("submit", { input: { title: "A" }, principal }))).toBe(
        "invalid_arguments: principal: no such argument",
      );
    const input = JSON.stringify({ title: "A", can: [], answers: [] });
    expect((await call("submit", { input })).isError).toBe(true);
  });

  test("is a resource or a prompt", async () => {
    const read = await rpc(app.t, app.key, "resources/read", { uri: "own://ada" });
    expect(read.json.result).toMatchObject({ contents: [{ text: "Hello, ada!" }] });
    const got = await rpc(app.t, app.key, "prompts/get", { name: "greet", arguments: {} });
    expect(got.json.result).toMatchObject({ text: "Hello, !" });
  });
});

describe("an idempotencyKey of the function's own", () => {
  const key = "payment-0001";

  test("reaches it, and is the gate's key too", async () => {
    const first = await call("pay", { idempotencyKey: key, amount: 5 });
    expect(first.structuredContent).toEqual({ runs: 1, idempotencyKey: key, amount: 5 });
    const second = await call("pay", { idempotencyKey: key, amount: 5 });
    expect(second._meta).toMatchObject({ "toolgate/replayed": true });
    expect(withoutOperation(second.structuredContent)).toEqual(first.structuredContent);
    expect(textOf(await call("pay", { idempotencyKey: key, amount: 6 }))).toMatch(
      /^idempotency_mismatch: /,
    );
    expect(runs).toHaveLength(1);
    expect(
      (await rows(app.t, "toolgateAudit")).flatMap(({ tool, outcome }) =>
        tool === "pay" ? [outcome] : [],
      ),
    ).toEqual([...["succeeded", "replayed", "failed"]]);
  });

  test("may be any text: one that is no key of the gate's is the function's alone", async () => {
    for (const run of [1, 2])
      expect((await call("pay", { idempotencyKey: "a b", amount: 5 })).structuredContent).toEqual({
        ...{ runs: run, idempotencyKey: "a b", amount: 5 },
      });
    expect((await call("send", { idempotencyKey: "short" })).structuredContent).toEqual({
      result: "short",
    });
    expect(textOf(await call("pay", { amount: 5 }))).toContain("idempotencyKey: missing");
  });

  test("does not come from a header, and agrees with one", async () => {
    const message = (args: object) => ({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
      params: { name: "send", arguments: args },
    });
    const header = { "idempotency-key": key, accept: "application/json" };
    const sent = await post(app.t, app.key, message({}), header);
    expect(sent.json.result).toMatchObject({ structuredContent: { result: "none" } });
    const again = await post(app.t, app.key, message({}), header);
    expect(again.json.result).toMatchObject({ _meta: { "toolgate/replayed": true } });
    const other = await post(app.t, app.key, message({ idempotencyKey: "payment-0002" }), header);
    expect(other.json.error).toMatchObject({ code: -32602 });
    expect(runs).toHaveLength(1);
  });
});
