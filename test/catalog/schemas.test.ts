/** What a tool's schemas say of its arguments and results. */
import { zCustomMutation, zCustomQuery, zid } from "convex-helpers/server/zod4";
import { anyApi, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as z from "zod";
import * as mini from "zod/mini";

import { beforeAll, describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalMutation, internalQuery } from "../../convex/_generated/server";
import { keepZod } from "../../src/catalog/keepZod";
import type { Tools } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { issueKey, listTools } from "../support/gate";

const none = { args: {}, input: async () => ({ ctx: {}, args: {} }) };
const zodQuery = keepZod(zCustomQuery(internalQuery, none));
const zodMutation = keepZod(zCustomMutation(internalMutation, none));
const handler = async () => null as never;

const line = z.object({ sku: z.string(), quantity: z.int(), weight: z.number() });

const functions = {
  plain: internalQuery({
    args: {
      kind: v.literal("a"),
      size: v.union(v.literal(1), v.literal(2)),
      flag: v.literal(true),
      mixed: v.union(v.literal("auto"), v.literal(5)),
      data: v.any(),
      more: v.record(v.string(), v.any()),
      options: v.object({ dry: v.optional(v.boolean()) }),
      amount: v.number(),
    },
    returns: v.object({
      total: v.number(),
      big: v.int64(),
      one: v.literal(1n),
      nothing: v.object({}),
      rows: v.array(v.any()),
    }),
    handler,
  }),
  deep: internalQuery({
    args: {
      lines: v.array(v.object({ sku: v.id("products"), note: v.optional(v.string()) })),
      by: v.union(v.null(), v.object({ city: v.string() }), v.object({ zip: v.string() })),
      prices: v.record(v.string(), v.object({ net: v.number() })),
      order: v.optional(v.id("orders")),
    },
    returns: v.object({ _id: v.id("orders") }),
    handler,
  }),
  zod: zodQuery({
    args: {
      owner: zid("tenants"),
      owners: z.array(zid("tenants")),
      data: z.any(),
      count: z.int(),
      note: z.string().nullable().describe("A note."),
    },
    returns: z.object({
      lines: z.array(line),
      total: z.int().nullable(),
      per: z.record(z.string(), z.int()),
      kinds: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), n: z.int() }),
        z.object({ kind: z.literal("b"), n: z.number() }),
      ]),
      either: z.union([z.number(), z.int(), z.object({ n: z.int() })]),
      ratio: z.number(),
    }),
    handler,
  }),
  shaped: zodQuery({ args: {}, returns: { count: z.int() }, handler }),
  small: zodMutation({
    args: { count: mini.int() } as never,
    returns: mini.union([mini.int(), mini.object({ n: mini.int() })]) as never,
    handler,
  }),
};

const deep = {
  lines: "At most ten.",
  "lines.*.note": "For the packer.",
  "by.zip": "Five digits.",
  "by.city": "Its name.",
  "prices.*.net": "In cents.",
};

const refs = anyApi.probe as unknown as Record<string, FunctionReference<"query", "internal">>;
const tools = Object.fromEntries(
  Object.keys(functions).map((name) => [
    name,
    () => ({
      ...{ kind: "query" as const, ref: refs[name]!, permission: "products:read" },
      description: "A test.",
      ...(name === "zod" ? { arguments: { owners: "All of them." } } : {}),
      ...(name === "deep" ? { arguments: deep } : {}),
    }),
  ]),
) satisfies Tools;

type Schema = Readonly<Record<string, unknown>>;
let listed: Record<string, { inputSchema: Schema; outputSchema: Schema }>;

beforeAll(async () => {
  const t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  const { key } = await issueKey(t);
  listed = Object.fromEntries((await listTools(t, key)).map((tool) => [tool.name, tool as never]));
});

const any = { description: "Any JSON value." };
const integer = { type: "integer" };

describe("arguments", () => {
  test("of a validator", () => {
    expect(listed.plain!.inputSchema).toEqual({
      type: "object",
      properties: {
        kind: { type: "string", const: "a" },
        size: { type: "integer", enum: [1, 2] },
        flag: { type: "boolean", const: true },
        mixed: {
          anyOf: [
            { type: "string", const: "auto" },
            { type: "integer", const: 5 },
          ],
        },
        data: any,
        more: { type: "object", additionalProperties: any },
        options: {
          ...{ type: "object", properties: { dry: { type: "boolean" } } },
          additionalProperties: false,
        },
        amount: { type: "number" },
      },
      required: ["kind", "size", "flag", "mixed", "data", "more", "options", "amount"],
      additionalProperties: false,
    });
  });

  test("of zod, with the types that only the validator knows", () => {
    expect(listed.zod!.inputSchema.properties).toEqual({
      owner: { type: "string", minLength: 1, description: "id of tenants" },
      owners: {
        ...{ type: "array", description: "All of them." },
        items: { type: "string", minLength: 1, description: "id of tenants" },
      },
      data: any,
      count: integer,
      note: { anyOf: [{ type: "string" }, { type: "null" }], description: "A note." },
    });
  });
});

test("a line describes arguments, also those inside others", () => {
  const texts = listed.deep!.inputSchema.properties;
  const text = { type: "string" };
  expect(texts).toEqual({
    lines: {
      ...{ type: "array", description: "At most ten." },
      items: {
        ...{ type: "object", required: ["sku"], additionalProperties: false },
        properties: {
          sku: { ...text, minLength: 1, description: "id of products" },
          note: { ...text, description: "For the packer." },
        },
      },
    },
    by: {
      anyOf: [
        { type: "null" },
        expect.objectContaining({ properties: { city: { ...text, description: "Its name." } } }),
        expect.objectContaining({ properties: { zip: { ...text, description: "Five digits." } } }),
      ],
    },
    prices: {
      type: "object",
      additionalProperties: expect.objectContaining({
        properties: { net: { type: "number", description: "In cents." } },
      }),
    },
    order: { ...text, minLength: 1, description: "id of orders" },
  });
  expect(listed.deep!.outputSchema.properties).toEqual({
    _id: { ...text, description: "id of orders" },
  });
});

describe("results", () => {
  test("of a validator: a number may be any, an int64 is a text", () => {
    expect(listed.plain!.outputSchema.properties).toEqual({
      total: { type: "number" },
      big: { type: "string", pattern: "^-?[0-9]+$" },
      one: { type: "string", const: "1" },
      nothing: { type: "object", properties: {}, additionalProperties: false },
      rows: { type: "array", items: any },
    });
  });

  test("of zod: integers are integers, at every level", () => {
    expect(listed.zod!.outputSchema.properties).toMatchObject({
      lines: { items: { properties: { quantity: integer, weight: { type: "number" } } } },
      total: { anyOf: [integer, { type: "null" }] },
      kinds: { anyOf: [{ properties: { n: integer } }, { properties: { n: { type: "number" } } }] },
      per: { additionalProperties: integer },
      either: { anyOf: [{ type: "number" }, integer, { properties: { n: integer } }] },
      ratio: { type: "number" },
    });
    expect(listed.shaped!.outputSchema.properties).toEqual({ count: integer });
  });

  test("of zod/mini alike, also where one variant is wrapped", () => {
    expect(listed.small!.outputSchema).toEqual({
      ...{ type: "object", additionalProperties: false },
      properties: { n: integer, result: integer },
    });
  });
});
