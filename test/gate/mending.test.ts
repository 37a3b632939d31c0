/** Arguments that a model got wrong, from outside: what is taken, what is explained, and what that costs. */
import { zCustomMutation } from "convex-helpers/server/zod4";
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as z from "zod";
import * as mini from "zod/mini";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { keepZod } from "../../src/catalog/keepZod";
import type { Tools } from "../../src/registry/tools";
import { counting, newApp } from "../support/app";
import { callTool, issueKey, rows, rpc, type Backend } from "../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

const none = { args: {}, input: async () => ({ ctx: {}, args: {} }) };
const zodMutation = keepZod(zCustomMutation(internalMutation, none));

const fields = {
  text: v.optional(v.string()),
  limit: v.optional(v.number()),
  tags: v.optional(v.array(v.string())),
  tenant: v.optional(v.union(v.id("tenants"), v.null())),
  filter: v.optional(
    v.union(
      v.object({ kind: v.literal("price"), min: v.number(), max: v.optional(v.number()) }),
      v.object({ kind: v.literal("name"), part: v.string() }),
      v.null(),
    ),
  ),
  data: v.optional(v.any()),
  labels: v.optional(v.record(v.string(), v.number())),
};

/** How often each function has begun. */
const runs = { act: 0, check: 0 };

const functions = {
  read: internalQuery({ args: fields, handler: async (_ctx, args) => args }),
  write: internalMutation({
    args: { slug: v.string(), amount: v.number(), dry: v.optional(v.boolean()) },
    handler: async (ctx, { slug, amount }) => {
      await ctx.db.insert("tenants", { slug, name: "a", currency: "EUR" });
      return { amount };
    },
  }),
  zod: zodMutation({
    args: { amount: z.int().min(1), note: z.string().min(2).optional() },
    handler: async (_ctx, args) => args,
  }),
  mini: zodMutation({
    args: { amount: mini.int() } as never,
    handler: async (_ctx, args: object) => args,
  }),
  act: internalAction({
    args: { amount: v.number() },
    handler: async (_ctx, { amount }) => {
      runs.act++;
      if (amount === 13) throw new Error("Validator error: of something further in");
      return { amount };
    },
  }),
  check: internalQuery({
    args: { amount: v.number() },
    returns: v.null(),
    handler: () => {
      runs.check++;
      return null;
    },
  }),
  odd: internalQuery({
    args: { of: v.string() },
    returns: v.object({ value: v.any() }),
    handler: (_ctx, { of }) => ({
      value: { NaN: NaN, Infinity: [-Infinity], zero: -0, big: 5n }[of] ?? null,
    }),
  }),
};

const ref = <Kind extends "query" | "mutation" | "action">(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<Kind, "internal">;

const line =
  (kind: "query" | "mutation" | "action", name: string, more: object = {}) =>
  () => ({
    ...{ kind, ref: ref<typeof kind>(name), permission: "products:read", description: "A test." },
    ...{ destructive: false, idempotent: false },
    ...more,
  });

const tools: Tools = {
  read: line("query", "read"),
  exact: line("query", "read", { exactArguments: true }),
  write: line("mutation", "write"),
  zod: line("mutation", "zod"),
  mini: line("mutation", "mini"),
  act: line("action", "act"),
  checked: line("action", "act", { precheck: ref("check") }),
  odd: line("query", "odd"),
};

let t: Backend;
let key: string;
const calls: string[] = [];

beforeEach(async () => {
  runs.act = runs.check = calls.length = 0;
  t = newApp({ registry: { tools }, functions: { probe: functions }, front: counting(calls) });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
});

/** The result, or the text of the failure. */
const call = async (name: string, args: object, as = key): Promise<unknown> => {
  const { isError, structuredContent, content } = await callTool(t, as, name, args);
  return isError === true ? content[0]!.text : structuredContent;
};

const lastAudit = async () => (await rows(t, "toolgateAudit")).at(-1)!;

describe("what is taken", () => {
  test("null and texts, by a query", async () => {
    const sent = {
      ...{
        text: null,
        limit: "5",
        tags: '["a"]',
        tenant: "",
        filter: '{"kind":"price","min":"1"}',
      },
      labels: { a: "1" },
    };
    expect(await call("read", sent)).toEqual({
      ...{ limit: 5, tags: ["a"], filter: { kind: "price", min: 1 }, labels: { a: 1 } },
    });
    expect(calls).toEqual(["toolgate/gate:admit", "toolgate/reading:read"]);
    expect(JSON.parse((await lastAudit()).arguments!)).toEqual(sent);
  });

  test("by a mutation, once and with one effect", async () => {
    expect(await call("write", { slug: "b", amount: "3", dry: "" })).toEqual({ amount: 3 });
    expect((await rows(t, "tenants")).map(({ slug }) => slug)).toEqual(["acme", "b"]);
    expect(await lastAudit()).toMatchObject({ outcome: "succeeded", tool: "write" });
  });

  test.each(["zod", "mini"])("by %s", async (name) => {
    expect(await call(name, { amount: "3" })).toEqual({ amount: 3 });
  });

  test("a range still counts", async () => {
    expect(await call("zod", { amount: "0", note: "" })).toMatch(/^invalid_arguments: amount: /);
  });

  test("by a job, which begins once", async () => {
    for (const name of ["act", "checked"])
      expect(await call(name, { amount: "3" })).toEqual({ amount: 3 });
    expect(runs).toEqual({ act: 2, check: 1 });
  });

  test("an identical retry replays, and a corrected one is another call", async () => {
    const sent = { slug: "b", amount: "3", idempotencyKey: "retry-0001" };
    const first = await callTool(t, key, "write", sent);
    const second = await callTool(t, key, "write", sent);
    expect(second.structuredContent).toEqual(first.structuredContent);
    expect(JSON.stringify(second)).toContain("toolgate/replayed");
    expect(await call("write", { ...sent, amount: 3 })).toMatch(/^idempotency_mismatch/);
    expect(await rows(t, "tenants")).toHaveLength(2);
  });

  test("an empty idempotency key is none", async () => {
    for (const idempotencyKey of ["", null])
      expect(await call("zod", { amount: 3, idempotencyKey })).toEqual({ amount: 3 });
  });

  test.each(["tools/list", "prompts/list", "resources/list", "resources/templates/list"])(
    "%s without a cursor, however that is said",
    async (method) => {
      const plain = (await rpc(t, key, method)).json.result;
      for (const cursor of [null, ""])
        expect((await rpc(t, key, method, { cursor })).json.result).toEqual(plain);
    },
  );
});

describe("what is not", () => {
  test("a function that has begun does not begin again", async () => {
    vi.spyOn(console, "error").mockReturnValue();
    await call("act", { amount: "13" });
    expect(runs.act).toBe(1);
    vi.restoreAllMocks();
  });

  test("where the line asks for exact arguments", async () => {
    expect(await call("exact", { limit: "5" })).toBe(
      'invalid_arguments: limit: expected number, got "5"',
    );
  });

  /** A key with constraints on the tools of this app, which the operator's functions do not know. */
  const boundKey = async (constraints: Record<string, Record<string, object>>) => {
    const bound = await issueKey(t);
    await t.run(async (ctx) => {
      const all = await ctx.db.query("toolgateKeys").collect();
      const row = all.find(({ keyId }) => keyId === bound.keyId)!;
      await ctx.db.patch("toolgateKeys", row._id, { constraints });
    });
    return bound.key;
  };

  test("past the constraints of a key", async () => {
    const bound = await boundKey({ write: { amount: { max: 5 } }, read: { limit: { max: 5 } } });
    const told = "not_allowed: amount: this API key allows only at most 5";
    expect(await call("write", { slug: "b", amount: "9" }, bound)).toBe(told);
    expect(await call("write", { slug: "b", amount: "3" }, bound)).toBe(told);
    expect(await call("read", { limit: 3, tags: "[]" }, bound)).toEqual({ limit: 3, tags: [] });
    expect(await rows(t, "tenants")).toHaveLength(1);
  });

  // What is sent keeps the constraint: it is a text. What it is mended to does not.
  test.each<[string, object, string]>([
    ["read", { limit: "9" }, "limit"],
    ["write", { slug: "b", amount: "9" }, "amount"],
    ["act", { amount: "9" }, "amount"],
    ["checked", { amount: "9" }, "amount"],
  ])("a constraint holds for what %s runs with", async (name, args, path) => {
    const bound = await boundKey({ [name]: { [path]: { oneOf: ["9"] } } });
    expect(await call(name, args, bound)).toBe(
      `not_allowed: ${path}: this API key allows only one of ["9"]`,
    );
    expect(runs).toEqual({ act: 0, check: 0 });
    expect(await rows(t, "tenants")).toHaveLength(1);
  });
});

describe("what is explained", () => {
  test.each<[object, string]>([
    [{ data: { ä: 1 } }, "data.ä: a name here has"],
    [{ data: [{ $x: 1 }] }, "data.0.$x: a name here has"],
    [{ data: { $integer: "AQAAAAAAAAA=" } }, "data.$integer: a name here has"],
    [{ data: { $bytes: "AQ==" } }, "data.$bytes: a name here has"],
    [{ labels: { "a\n": 1 } }, "labels.a\\n: a name here has"],
    [{ labels: { ["x".repeat(1025)]: 1 } }, ": a name here has"],
    [{ tenant: "nonesuch" }, "tenant: expected an id that another tool returned"],
    [{ filter: 5 }, "filter: expected object or null, got 5"],
    [
      { filter: { kind: "price" } },
      'filter.min: missing, expected number (in the nearest variant, { kind: "price" })',
    ],
    [{ filter: { kind: "name", part: "a", min: 1 } }, "filter.min: belongs to another variant"],
    [{ filter: { kind: "name", prt: "a" } }, "filter.prt: no such argument"],
    [{ tags: '["a",5]' }, "tags.1: expected string, got 5"],
    [{ limit: "12345678901234567890" }, 'limit: expected number, got "12345678901234567890"'],
  ])("%j", async (args, told) => {
    const text = await call("read", args);
    expect(text).toMatch(/^invalid_arguments: /);
    expect(text).toContain(told);
  });

  // Convex refuses these; convex-test does not.
  test.each<[object, string]>([
    [{ data: Array.from({ length: 8193 }, () => 1) }, "data: expected at most 8,192 items"],
    [{ toString: 1, limit: 2 }, "toString: no such argument"],
    [{ labels: { toString: "x" } }, "labels.toString: expected number"],
  ])("%o", async (args, told) => {
    const explain = makeFunctionReference<"query", Record<string, string>, { problems: string[] }>(
      "toolgate/catalog:explain",
    );
    const asked = { tool: "read", arguments: JSON.stringify(args) };
    expect((await t.query(explain, asked)).problems).toEqual([expect.stringContaining(told)]);
  });

  test("a name with a low line, a blank or nothing is a name", async () => {
    const data = { _x: 1, "a b": 1, "": 1 };
    expect(await call("read", { data })).toEqual({ data });
  });
});

describe("a result", () => {
  test.each(["NaN", "Infinity"])("that holds %s is an error of the tool", async (of) => {
    vi.spyOn(console, "error").mockReturnValue();
    expect(await call("odd", { of })).toMatch(/^invalid_result: /);
    vi.restoreAllMocks();
  });

  test("that JSON can tell is told", async () => {
    expect(await call("odd", { of: "zero" })).toEqual({ value: 0 });
    expect(await call("odd", { of: "big" })).toEqual({ value: "5" });
  });
});
