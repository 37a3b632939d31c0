/** A small app whose lines state what most do not: headers, a schema word for word, tasks only, and jobs that ask. */
import { zCustomMutation, zCustomQuery } from "convex-helpers/server/zod4";
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { z } from "zod";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { keepZod } from "../../src/catalog/keepZod";
import { withInputSchema } from "../../src/catalog/ownSchema";
import { inputValidator, jobValidator } from "../../src/data/arguments";
import { jobHandle } from "../../src/jobs/handle";
import { tool, type Tools, type ToolKind } from "../../src/registry/tools";
import { issueKey, rows, type Backend } from "./gate";
import { newApp } from "./app";
import { form } from "./askingApp";

/** A function of the module `probe`. */
export const ref = <Kind extends ToolKind>(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    "internal",
    { none?: never }
  >;

export const reads = { permission: "products:read", description: "Reads." } as const;
export const writes = {
  ...{ permission: "stock:adjust", description: "Writes.", destructive: false, idempotent: false },
} as const;
const asks = { input: true } as never;

const tools: Tools = {
  routed: () =>
    tool.query(ref<"query">("routed"), {
      ...{ ...reads, headers: { region: "Region", level: "Level", dry: "Dry" } },
    }),
  found: () => tool.mutation(ref<"mutation">("found"), { ...writes, headers: { slug: "Slug" } }),
  later: () => tool.action(ref<"action">("later"), { ...writes, headers: { slug: "Slug" } }),
  tasks_only: () => tool.action(ref<"action">("later"), { ...writes, taskOnly: true }),
  contact: () => tool.query(ref<"query">("contact"), reads),
  parks: () => tool.action(ref<"action">("parks"), { ...writes, ...(asks as object) }),
  parks_later: () =>
    tool.action(ref<"action">("parksLater"), {
      ...writes,
      ...({ input: true, job: true } as object),
    }),
  checked: () =>
    tool.action(ref<"action">("parks"), {
      ...{ ...writes, ...(asks as object), precheck: ref<"query">("check") },
    }),
};

const none = { args: {}, input: async () => ({ ctx: {}, args: {} }) };
const zodQuery = keepZod(zCustomQuery(internalQuery, none));
const zodMutation = keepZod(zCustomMutation(internalMutation, none));

/** The schema of `contact`. */
export const contactSchema = {
  type: "object",
  properties: { phone: { type: "string" }, email: { type: "string" } },
  if: { required: ["phone"] },
  else: { required: ["email"] },
};

const text = v.optional(v.string());

const functions = {
  routed: zodQuery({
    args: {
      region: z.string().optional(),
      level: z.int().optional(),
      dry: z.boolean().optional(),
    },
    handler: async (_ctx, args) => args,
  }),
  found: zodMutation({
    args: { slug: z.string() },
    handler: async (ctx, { slug }) =>
      ctx.db.insert("tenants", { slug, name: slug, currency: "EUR" }),
  }),
  later: internalAction({
    args: { slug: text },
    returns: v.string(),
    handler: async (_ctx, { slug = "" }) => `done ${slug}`,
  }),
  contact: withInputSchema(
    contactSchema,
    internalQuery({
      args: { phone: text, email: text },
      returns: v.string(),
      handler: async (_ctx, { phone, email }) => phone ?? email ?? "",
    }),
  ),
  check: internalQuery({
    args: { file: v.string(), input: inputValidator() },
    returns: v.null(),
    handler: async (_ctx, { file, input }): Promise<null> => {
      if (file === "none") throw new ConvexError({ code: "not_found", message: "No such file." });
      await inputHandle(input).ask({ name: form("Who are you?", "name") });
      return null;
    },
  }),
  parks: internalAction({
    args: { file: v.string(), input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { file, input }) => {
      const { name, reason } = await inputHandle(input).ask({
        name: form("Who are you?", "name"),
        reason: form("Why?", "text"),
      });
      return JSON.stringify([file, name, reason]);
    },
  }),
  parksLater: internalAction({
    args: { file: v.string(), input: inputValidator(), job: jobValidator() },
    returns: v.string(),
    handler: async (ctx, { file, input, job }) => {
      const { checkpoint, continueLater } = jobHandle(ctx, job);
      if (checkpoint === undefined) return continueLater({ read: 7 });
      const { name } = await inputHandle(input).ask({ name: form("Who are you?", "name") });
      return JSON.stringify([file, checkpoint, name]);
    },
  }),
};

/** The app with one tenant and its keys. */
export const newStated = async () => {
  const t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  const keyOf = async (args: Parameters<typeof issueKey>[1]) => (await issueKey(t, args)).key;
  const keys = {
    ann: await keyOf({ subject: "ann" }),
    bob: await keyOf({ subject: "bob" }),
    viewer: await keyOf({ subject: "ann", role: "viewer" }),
  };
  return { t, keys };
};

/** The last row of the audit log. */
export const lastAudit = async (t: Backend) => (await rows(t, "toolgateAudit")).at(-1);
