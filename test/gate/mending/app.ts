/** An app whose tools take arguments of every kind, and count how often they run. */
import { zCustomMutation } from "convex-helpers/server/zod4";
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import * as z from "zod";
import * as mini from "zod/mini";
import { beforeEach } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { keepZod } from "../../../src/catalog/keepZod";
import type { Tools } from "../../../src/registry/tools";
import { counting, newApp } from "../../support/app";
import { callTool, issueKey, rows, type Backend } from "../../support/gate";

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
export const runs = { act: 0, check: 0 };

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

export let t: Backend;
export let key: string;
export const calls: string[] = [];

beforeEach(async () => {
  runs.act = runs.check = calls.length = 0;
  t = newApp({ registry: { tools }, functions: { probe: functions }, front: counting(calls) });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
});

/** The result, or the text of the failure. */
export const call = async (name: string, args: object, as = key): Promise<unknown> => {
  const { isError, structuredContent, content } = await callTool(t, as, name, args);
  return isError === true ? content[0]!.text : structuredContent;
};

export const lastAudit = async () => (await rows(t, "toolgateAudit")).at(-1)!;
