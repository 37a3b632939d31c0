/** An app with a key that fixes an argument of its tools, and one that fixes none. */
import { zCustomQuery } from "convex-helpers/server/zod4";
import { ConvexError, v } from "convex/values";
import { afterEach, beforeAll } from "vitest";
import { z } from "zod";
import { internal } from "../../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { inputHandle } from "../../../src/asking/handle";
import { keepZod } from "../../../src/catalog/keepZod";
import { inputValidator } from "../../../src/data/arguments";
import { tool, type Tools } from "../../../src/registry/tools";
import { counting, newApp } from "../../support/app";
import { form } from "../../support/askingApp";
import { callTool, issueKey, rows, type ToolResult } from "../../support/gate";
import { reads, ref, writes } from "../../support/statedApp";

const asks = { input: true } as never as object;

const tools: Tools = {
  list: () => tool.query(ref<"query">("list"), { ...reads, headers: { company: "Company" } }),
  add: () => tool.mutation(ref<"mutation">("add"), writes),
  mail: () => tool.action(ref<"action">("mail"), { ...writes, precheck: ref<"query">("check") }),
  ask: () => tool.mutation(ref<"mutation">("ask"), { ...writes, ...asks }),
  park: () => tool.action(ref<"action">("park"), { ...writes, ...asks }),
  even: () => tool.query(ref<"query">("even"), reads),
  echo: () => tool.query(ref<"query">("echo"), reads),
};

const note = { company: v.string(), text: v.string(), size: v.optional(v.number()) };
const zodQuery = keepZod(
  zCustomQuery(internalQuery, { args: {}, input: async () => ({ ctx: {}, args: {} }) }),
);
const anything = v.optional(v.any());

const functions = {
  list: internalQuery({ args: note, handler: async (_ctx, args) => args }),
  add: internalMutation({
    args: note,
    handler: async (ctx, args) => {
      await ctx.db.insert("tenants", { slug: args.text, name: args.company, currency: "EUR" });
      return args;
    },
  }),
  check: internalQuery({
    args: note,
    returns: v.null(),
    handler: async (_ctx, { company }): Promise<null> => {
      if (company === "acme") return null;
      throw new ConvexError({ code: "not_found", message: "No such company." });
    },
  }),
  mail: internalAction({ args: note, handler: async (_ctx, args) => args }),
  ask: internalMutation({
    args: { ...note, input: inputValidator() },
    handler: async (ctx, { company, text, input }) => {
      await inputHandle(input).ask({ sure: form("Sure?", "name") });
      return ctx.db.insert("tenants", { slug: text, name: company, currency: "EUR" });
    },
  }),
  park: internalAction({
    args: { ...note, input: inputValidator() },
    handler: async (_ctx, { company, input }) => {
      await inputHandle(input).ask({ sure: form("Sure?", "name") });
      return company;
    },
  }),
  even: zodQuery({
    args: {
      count: z.number().refine((count) => count % 2 === 0, "must be even"),
      other: z.number().refine((count) => count % 2 === 0, "must be even too"),
    },
    handler: async (_ctx, args) => args,
  }),
  echo: internalQuery({
    args: { a: anything, b: anything, c: anything },
    handler: async (_ctx, args) => args,
  }),
};

export const ACME = { company: "acme" };
export const fixed = { list: ACME, add: ACME, mail: ACME, ask: ACME, park: ACME };

process.env.TOOLGATE_LIMIT_SCALE = "1000000";
export const calls: string[] = [];
export const t = newApp({
  registry: { tools },
  functions: { probe: functions },
  front: counting(calls),
});

export let key: string;
export let keyId: string;
export let free: string;

beforeAll(async () => {
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  ({ key, keyId } = await issueKey(t, { fixed }));
  free = (await issueKey(t)).key;
});

afterEach(async () => {
  await update({ fixed });
});

export const update = (changes: object) =>
  t.mutation(internal.toolgate.admin.updateKey, { keyId, ...changes });

export const call = (name: string, args: object, as = key) => callTool(t, as, name, args);
export const text = ({ content }: ToolResult) => content[0]!.text;
export const companies = async () =>
  (await rows(t, "tenants")).map(({ slug, name }) => `${name}: ${slug}`).sort();
