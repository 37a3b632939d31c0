/** A small app whose calls wait for somebody's approval, with keys for it and short ways to call and look. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import type { Notice } from "../../src/data/approval";
import { inputValidator } from "../../src/data/arguments";
import { approvalValidator, principalValidator } from "../../src/entry/functions";
import { jobTool } from "../../src/registry/jobTools";
import { tool, type Tools } from "../../src/registry/tools";
import { definitionOf, newApp, type Parts } from "../support/app";
import { form } from "../support/askingApp";
import { callTool, issueKey, rows, type Backend, type ToolResult } from "../support/gate";

// The tests of a file share keys; what the rate limits do is tested elsewhere.
process.env.TOOLGATE_LIMIT_SCALE = "1000000";

/** What the app does, for a test to change between a call and the decision on it. */
export interface Script {
  /** The price of each thing: what costs more than 100 needs an approval. */
  price: number;
  /** What the mutations do at their end. */
  then: "return" | "refuse" | "break" | "misfit";
  /** What the query of the line does. */
  rule: "say" | "refuse" | "break" | "mumble" | "ramble";
  /** Whether the people of the app may act. */
  mayAct: boolean;
  /** What the action did, by call. */
  acted: string[];
  told: Notice[];
}

const ref = <Kind extends "query" | "mutation" | "action">(_kind: Kind, name: string) =>
  // A reference written by hand does not know its arguments, so the lines say themselves what the functions declare.
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<Kind, "internal">;

const rule = ref("query", "rule");
const writes = {
  ...{ permission: "stock:adjust", destructive: false, idempotent: false, principal: true },
};

export const tools = {
  /** Nobody need approve it by its line. */
  plain: () => tool.mutation(ref("mutation", "buy"), { ...writes, description: "Buy." }),
  buy: () =>
    tool.mutation(ref("mutation", "buy"), { ...writes, approval: rule, description: "Buy." }),
  /** Its rule takes anything for a count, and sees only numbers. */
  loose: () =>
    tool.mutation(ref("mutation", "buy"), {
      ...{ ...writes, approval: ref("query", "loose"), description: "Buy." },
    }),
  always: () =>
    tool.mutation(ref("mutation", "buy"), { ...writes, approval: true, description: "Buy." }),
  asks: () =>
    tool.mutation(ref("mutation", "asks"), {
      ...{ ...writes, principal: false, input: true, approval: true, description: "Ask, and buy." },
    }),
  /** It asks while it runs, and not in a precheck. */
  asksLate: () =>
    tool.action(ref("action", "askLate"), {
      ...{ ...writes, principal: false, input: true, approval: true, description: "Act, and ask." },
    }),
  slow: () =>
    tool.action(ref("action", "act"), {
      ...{ ...writes, approval: true, precheck: ref("query", "precheck"), maxInline: 0 },
      description: "Act.",
    }),
  look: () =>
    tool.query(ref("query", "look"), {
      ...{ permission: "products:read", principal: true, approval: true, description: "Look." },
    }),
  read: () =>
    tool.query(ref("query", "look"), {
      ...{ permission: "products:read", principal: true, description: "Look." },
    }),
  jobs_get: () => jobTool.get(internal.toolgate.jobs.get, "jobs:read"),
  jobs_cancel: () => jobTool.cancel(internal.toolgate.jobs.stop, "jobs:cancel"),
} satisfies Tools;

const goods = { thing: v.string(), count: v.number(), principal: principalValidator() };

const functionsWith = (script: Script) => ({
  buy: internalMutation({
    args: { ...goods, note: v.optional(v.string()) },
    returns: v.object({ paid: v.number() }),
    handler: async (ctx, { thing, count, principal: { tenant: currency, operation } }) => {
      const name = `${String(count)} at ${String(script.price)}`;
      await ctx.db.insert("tenants", { slug: `bought/${thing}/${operation}`, name, currency });
      if (script.then === "refuse") throw new ConvexError({ code: "sold_out", message: "Gone." });
      if (script.then === "break") throw new Error("A secret of the server");
      const paid = count * script.price;
      return script.then === "misfit" ? ({ paid: "much" } as never) : { paid };
    },
  }),
  asks: internalMutation({
    args: { thing: v.string(), input: inputValidator() },
    returns: v.string(),
    handler: async (ctx, { thing, input }) => {
      const { who } = await inputHandle(input).ask({ who: form("For whom?", "name") });
      const name = who.action === "accept" ? String(who.content.name) : who.action;
      await ctx.db.insert("tenants", { slug: `bought/${thing}/asked`, name, currency: "EUR" });
      return name;
    },
  }),
  act: internalAction({
    args: goods,
    returns: v.string(),
    handler: async (_ctx, { thing }) => {
      script.acted.push(thing);
      return `did ${thing}`;
    },
  }),
  askLate: internalAction({
    args: { thing: v.string(), input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { thing, input }) => {
      await inputHandle(input).ask({ who: form("For whom?", "name") });
      script.acted.push(thing);
      return thing;
    },
  }),
  precheck: internalQuery({
    args: goods,
    handler: async (_ctx, { thing }) => {
      if (thing === "nothing") throw new ConvexError({ code: "nothing", message: "Name a thing." });
    },
  }),
  look: internalQuery({
    args: { thing: v.string(), principal: principalValidator() },
    returns: v.object({ price: v.number(), role: v.string() }),
    handler: async (_ctx, { principal: { role } }) => ({ price: script.price, role }),
  }),
  rule: internalQuery({
    args: { ...goods, note: v.optional(v.string()) },
    returns: v.union(approvalValidator(), v.object({ maybe: v.string() })),
    handler: async (_ctx, { thing, count, note = "" }) => {
      if (script.rule === "refuse") throw new ConvexError({ code: "no_such", message: "No such." });
      if (script.rule === "break") throw new Error("A secret of the server");
      if (script.rule === "mumble") return { maybe: "yes" };
      const amount = `${String(count * script.price)} EUR`;
      const more = script.rule === "ramble" ? "x".repeat(5_000) : note;
      const lines = [
        { label: "Count", value: String(count) },
        { label: "Note", value: more },
      ];
      return {
        needed: count * script.price > 100,
        reason: "above your limit of 100 EUR.\n",
        summary: { title: `Buy ${thing}`, amount, lines },
      };
    },
  }),
  loose: internalQuery({
    args: {
      thing: v.any(),
      count: v.any(),
      note: v.optional(v.any()),
      principal: principalValidator(),
    },
    handler: async (_ctx, { count }) => ({ needed: typeof count === "number" && count > 10 }),
  }),
  mayAct: internalQuery({
    args: { subject: v.string(), tenant: v.optional(v.string()) },
    returns: v.boolean(),
    handler: async () => script.mayAct,
  }),
  told: internalMutation({
    args: {
      ...{ jobId: v.string(), tool: v.string(), tenant: v.optional(v.string()) },
      ...{ reason: v.string(), until: v.number() },
    },
    handler: async (_ctx, notice) => void script.told.push(notice),
  }),
});

/** The app with keys of two tenants, and of two subjects of one. */
export const newShop = async (
  more: Pick<Parts, "approvals" | "chain" | "functions" | "connect"> = {},
) => {
  const script: Script = {
    ...{ price: 10, then: "return", rule: "say", mayAct: true, acted: [], told: [] },
  };
  const parts = {
    ...{ approvals: { notify: () => ref("mutation", "told") }, ...more, registry: { tools } },
    subjects: { mayAct: () => ref("query", "mayAct") },
    functions: { probe: functionsWith(script), ...more.functions },
  };
  const t = newApp(parts);
  for (const slug of ["acme", "globex"])
    await t.mutation(internal.erp.tenants.create, { slug, name: slug, currency: "EUR" });
  const { key, keyId } = await issueKey(t, { subject: "agent", name: "sales" });
  return { t, script, key, keyId, app: definitionOf(parts) };
};

export type Shop = Awaited<ReturnType<typeof newShop>>;

/** What was bought, as `thing: count at price`. */
export const bought = async (t: Backend): Promise<string[]> =>
  (await rows(t, "tenants"))
    .filter(({ slug }) => slug.startsWith("bought/"))
    .map(({ slug, name }) => `${slug.split("/")[1] ?? ""}: ${name}`);

/** The calls that wait, oldest first. */
export const waiting = async (t: Backend) =>
  (await t.query(internal.toolgate.admin.listApprovals, { state: "waiting" })).approvals;

/** The job of the newest call. */
export const newest = async (t: Backend): Promise<Doc<"toolgateJobs">> => {
  const job = (await rows(t, "toolgateJobs")).at(-1);
  if (job === undefined) throw new Error("no job");
  return job;
};

export const call = (
  { t, key }: Pick<Shop, "t" | "key">,
  name: string,
  args: object = {},
): Promise<ToolResult> => callTool(t, key, name, { thing: "desk", count: 20, ...args });

/** The text of an answer. */
export const says = ({ content }: ToolResult) => content[0]?.text ?? "";

/** Makes a call that must be held, and returns its job. */
export const held = async (
  shop: Pick<Shop, "t" | "key">,
  name: string,
  args: object = {},
): Promise<Doc<"toolgateJobs">> => {
  const before = (await rows(shop.t, "toolgateJobs")).length;
  const answer = await call(shop, name, args);
  const all = await rows(shop.t, "toolgateJobs");
  const job = all.at(-1);
  if (all.length !== before + 1 || job?.state !== "awaiting_approval")
    throw new Error(`not held: ${JSON.stringify(answer)}`);
  return job;
};

/** What the audit log says of calls and decisions, in its order. */
export const log = async (t: Backend): Promise<string[]> =>
  (await rows(t, "toolgateAudit"))
    .filter(({ method }) => /^(?:tools\/call|job\/end|approvals\/)/.test(method))
    .map(({ method, outcome, reason }) =>
      [method, outcome, reason].filter((one) => one !== undefined).join(" "),
    );
