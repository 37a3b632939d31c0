/** What some clients refuse in a schema is not shown to any, and is enforced all the same. */
import { Ajv2020 } from "ajv/dist/2020.js";
import { zCustomQuery } from "convex-helpers/server/zod4";
import { anyApi, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import fc from "fast-check";
import * as z from "zod";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { internalAction, internalQuery } from "../../convex/_generated/server";
import { keepZod } from "../../src/catalog/keepZod";
import { merged } from "../../src/catalog/merged";
import { withInputSchema } from "../../src/catalog/ownSchema";
import { looksAround } from "../../src/catalog/shown";
import { newApp } from "../support/app";
import { callTool, issueKey, listTools, newServer, type Backend } from "../support/gate";

const none = { args: {}, input: async () => ({ ctx: {}, args: {} }) };
const zodQuery = keepZod(zCustomQuery(internalQuery, none));
const handler = async () => null as never;

/** At least one digit and one letter. */
const mixed = z.string().regex(/^(?=.*\d)(?=.*[a-z]).+$/);

const own = {
  type: "object",
  properties: {
    pattern: { type: "string", pattern: "^(?!x)", default: { pattern: "(?=a)" } },
    list: { type: "array", items: { type: "string", pattern: "(?<=a)b" } },
    either: { oneOf: [{ type: "string", pattern: "(?<!a)b" }, { type: "null" }] },
    named: { type: "object", additionalProperties: { type: "string", pattern: "(?=x)" } },
    plain: { type: "string", pattern: "^[(?=]\\(?!$" },
  },
};

const text = v.optional(v.any());
const members = { pattern: text, list: text, either: text, named: text, plain: text };

const functions = {
  mixed: zodQuery({
    args: { code: mixed, lines: z.array(z.object({ code: mixed.optional() })).optional() },
    returns: z.object({ code: mixed }),
    handler: async (_ctx, { code }) => ({ code }),
  }),
  dated: zodQuery({
    args: { day: z.iso.date(), at: z.iso.datetime(), mail: z.email(), id: z.uuid() },
    handler,
  }),
  own: withInputSchema(own, internalQuery({ args: members, handler })),
  spaced: internalQuery({ args: { "a b": v.string() }, handler }),
  deep: internalQuery({
    args: { of: v.union(v.null(), v.array(v.object({ ["x".repeat(65)]: v.string() }))) },
    handler,
  }),
  fine: internalQuery({ args: { "a.b-c_D9": v.optional(v.string()) }, handler }),
  either: internalQuery({
    args: {},
    returns: v.union(
      v.object({ kind: v.literal("a"), n: v.number(), both: v.string() }),
      v.object({ kind: v.literal("b"), m: v.string(), both: v.string() }),
      v.null(),
    ),
    handler,
  }),
  map: internalAction({ args: {}, returns: v.record(v.string(), v.number()), handler }),
  words: internalAction({ args: {}, returns: v.string(), handler }),
  states: internalAction({
    args: {},
    returns: v.object({ state: v.literal("done"), jobId: v.number() }),
    handler,
  }),
};

type Schema = Record<string, unknown>;
type Listed = Record<string, { inputSchema: Schema; outputSchema: Schema }>;

const refs = anyApi.probe as unknown as Record<string, FunctionReference<"query", "internal">>;
const actions = ["map", "words", "states"];
const tools = Object.fromEntries(
  Object.keys(functions).map((name) => [
    name,
    () => ({
      kind: actions.includes(name) ? "action" : "query",
      ...{ ref: refs[name]!, permission: "products:read", description: "A test." },
    }),
  ]),
);

let t: Backend;
let key: string;
let listed: Listed;
let said: string;

beforeAll(async () => {
  t = await newServer({
    t: newApp({ registry: { tools } as never, functions: { probe: functions } }),
  });
  ({ key } = await issueKey(t));
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  listed = Object.fromEntries((await listTools(t, key)).map((tool) => [tool.name, tool])) as never;
  said = warn.mock.calls.flat().join("\n");
  warn.mockRestore();
});

describe("a pattern that looks around", () => {
  test("of zod is not shown, at no depth, and enforced", async () => {
    expect(JSON.stringify(listed.mixed)).not.toContain("pattern");
    expect((await callTool(t, key, "mixed", { code: "a1" })).structuredContent).toEqual({
      code: "a1",
    });
    const refused = await callTool(t, key, "mixed", { code: "a1", lines: [{ code: "a" }] });
    expect(refused.isError).toBe(true);
    expect(refused.content[0]!.text).toMatch(/^invalid_arguments: lines\.0\.code: /);
  });

  test("is left out of a schema of the app's own, where it is one", () => {
    const { properties } = listed.own!.inputSchema as { properties: Record<string, Schema> };
    expect(properties).toEqual({
      pattern: { type: "string", default: { pattern: "(?=a)" } },
      list: { type: "array", items: { type: "string" } },
      either: { oneOf: [{ type: "string" }, { type: "null" }] },
      named: { type: "object", additionalProperties: { type: "string" } },
      plain: own.properties.plain,
    });
  });

  test.each([
    ["(?=a)", true],
    ["a(?!b)", true],
    ["(?<=a)", true],
    ["(?<!a)", true],
    ["\\\\(?=a)", true],
    ["[]](?=a)", true],
    ["(?:a)", false],
    ["(?<name>a)", false],
    ["\\(?=a", false],
    ["[(?=a)]", false],
    ["[\\](?=]", false],
  ])("%s: %s", (pattern, looks) => {
    expect(looksAround(pattern)).toBe(looks);
  });
});

test("a format is shown without the pattern that repeats it", () => {
  const format = (name: string) => ({ type: "string", format: name });
  expect(listed.dated!.inputSchema.properties).toEqual({
    ...{ day: format("date"), at: format("date-time") },
    ...{ mail: format("email"), id: format("uuid") },
  });
});

test.each([
  ["spaced", '"a b"'],
  ["deep", `"${"x".repeat(65)}"`],
])("an argument that clients refuse by its name leaves its tool out: %s", (name, argument) => {
  expect(listed[name]).toBeUndefined();
  expect(said).toContain(`Tool ${name}: argument ${argument}: Claude refuses the name`);
});

test("other names are names", () => {
  expect(listed.fine).toBeDefined();
});

describe("no union stands at the root of a result", () => {
  const checks = (name: string) =>
    new Ajv2020({ strict: false }).compile(listed[name]!.outputSchema);

  test.each(["either", "map", "words", "states"])("%s", (name) => {
    expect(listed[name]!.outputSchema).toMatchObject({ type: "object" });
    expect(Object.keys(listed[name]!.outputSchema)).not.toContain("anyOf");
  });

  test("what only some variants have is optional, and a mark is one of its values", () => {
    expect(listed.either!.outputSchema).toEqual({
      type: "object",
      properties: {
        kind: { type: "string", enum: ["a", "b"] },
        n: { type: "number" },
        both: { type: "string" },
        m: { type: "string" },
        result: { type: "null" },
      },
      additionalProperties: false,
    });
  });

  const running = { jobId: "j", state: "working", next: "Call jobs_get." };

  test.each([
    ["map", { a: 1, b: 2 }, { a: "1" }],
    ["words", { result: "x" }, { result: 1 }],
    ["states", { state: "done", jobId: 3 }, { state: "other", jobId: 3 }],
  ])("a finished %s and a running job fit, and other things do not", (name, result, bad) => {
    const fits = checks(name);
    expect([fits(running), fits(result), fits(bad)]).toEqual([true, true, false]);
  });

  test("whatever fits a variant fits the whole", () => {
    const leaf = fc.constantFrom("string", "number", "boolean");
    const shape = fc.dictionary(fc.constantFrom("a", "b", "c"), leaf, { maxKeys: 3 });
    const values: Record<string, unknown> = { string: "x", number: 1, boolean: true };
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 4 }), (shapes) => {
        const schemas = shapes.map((one) => ({
          type: "object",
          properties: Object.fromEntries(Object.entries(one).map(([n, type]) => [n, { type }])),
          ...(Object.keys(one).length > 0 ? { required: Object.keys(one) } : {}),
          additionalProperties: false,
        }));
        const whole = new Ajv2020({ strict: false }).compile(merged(schemas));
        return shapes.every((one) =>
          whole(Object.fromEntries(Object.entries(one).map(([n, type]) => [n, values[type]]))),
        );
      }),
      { numRuns: 30 },
    );
  });
});
