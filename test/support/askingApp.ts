/** A small app whose tools, prompt and resource ask, and short ways to speak to it in both eras. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalMutation, internalQuery } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { elicitation, sampling, type Elicitation } from "../../src/asking/request";
import { inputValidator, type InputArgument } from "../../src/data/arguments";
import { prompt, type Prompts } from "../../src/registry/prompts";
import { resource, type Resources } from "../../src/registry/resources";
import { tool, type Tools } from "../../src/registry/tools";
import { CAPABILITIES_KEY, modernHeaders, modernMessage } from "./speak";
import { issueKey, post, rows, type Backend, type Reply } from "./gate";
import { newApp, type Parts } from "./app";

/** What the app does, for a test to change between two rounds. */
export interface Script {
  question: string;
  /** The mutation fails after it has written. */
  fails: boolean;
}

type Asks<Kind extends "query" | "mutation", Args extends object = object> = FunctionReference<
  Kind,
  "internal",
  Args & { input: InputArgument }
>;

const probe = <Kind extends "query" | "mutation", Args extends object = object>(
  _kind: Kind,
  name: string,
) => makeFunctionReference<Kind>(`probe:${name}`) as unknown as Asks<Kind, Args>;

const reads = { permission: "products:read", input: true } as const;
const writes = {
  permission: "stock:adjust",
  input: true,
  destructive: false,
  idempotent: false,
} as const;

const tools: Tools = {
  hello: () =>
    tool.query(probe<"query", { greeting?: string }>("query", "hello"), {
      ...{ ...reads, description: "Asks for a name." },
    }),
  twice: () =>
    tool.query(probe("query", "twice"), { ...reads, description: "Asks in two rounds." }),
  link: () => tool.query(probe("query", "link"), { ...reads, description: "Asks to open a page." }),
  model: () => tool.query(probe("query", "model"), { ...reads, description: "Asks the model." }),
  found: () =>
    tool.mutation(probe<"mutation", { slug: string }>("mutation", "found"), {
      ...{ ...writes, description: "Founds a company once the user has named it." },
    }),
  refound: () =>
    tool.mutation(probe<"mutation", { slug: string }>("mutation", "found"), {
      ...{ ...writes, description: "The same under another name." },
    }),
};

const prompts: Prompts = {
  ask: () =>
    prompt(probe<"query", { topic?: string }>("query", "promptAsking"), {
      ...{ ...reads, principal: false, description: "Asks for a context." },
      arguments: { topic: { description: "What it is about." } },
    }),
};

const resources: Resources = {
  "ask://me": () =>
    resource(probe("query", "resourceAsking"), {
      ...{ ...reads, principal: false, name: "me", mimeType: "text/plain" },
    }),
};

const registry = { tools, prompts, resources };

/** A form with one text that must be filled in. */
export const form = (message: string, field: string): Elicitation =>
  elicitation(message, {
    type: "object",
    properties: { [field]: { type: "string" } },
    required: [field],
  });

export const PAGE = {
  method: "elicitation/create",
  params: {
    ...{ mode: "url", message: "Please sign in", url: "https://example.com/in" },
    elicitationId: "1",
  },
} as const;

const functionsWith = (script: Script) => ({
  hello: internalQuery({
    args: { greeting: v.optional(v.string()), input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { greeting = "Hello", input }) => {
      const { user } = await inputHandle(input).ask({ user: form(script.question, "name") });
      return user.action === "accept" ? `${greeting}, ${String(user.content.name)}!` : user.action;
    },
  }),
  twice: internalQuery({
    args: { input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { input }) => {
      const { ask } = inputHandle(input);
      const { first } = await ask({ first: form("First?", "a") });
      const { second } = await ask({ second: form("Second?", "b") });
      return JSON.stringify([first, second]);
    },
  }),
  link: internalQuery({
    args: { input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { input }) => {
      const { page } = await inputHandle(input).ask({ page: PAGE });
      return page.action;
    },
  }),
  model: internalQuery({
    args: { input: inputValidator() },
    returns: v.string(),
    handler: async (_ctx, { input }) => {
      const { model } = await inputHandle(input).ask({
        model: sampling({ messages: [], maxTokens: 1 }),
      });
      return model.model;
    },
  }),
  /** Writes before it asks, against the advice: nothing of it may remain. */
  found: internalMutation({
    args: { slug: v.string(), input: inputValidator() },
    returns: v.string(),
    handler: async (ctx, { slug, input }) => {
      const id = await ctx.db.insert("tenants", { slug, name: "unnamed", currency: "EUR" });
      const { named } = await inputHandle(input).ask({ named: form(script.question, "name") });
      const name = named.action === "accept" ? String(named.content.name) : named.action;
      await ctx.db.patch("tenants", id, { name });
      if (script.fails) throw new ConvexError("as the test wants");
      return name;
    },
  }),
  promptAsking: internalQuery({
    args: { topic: v.optional(v.string()), input: inputValidator() },
    returns: v.object({ messages: v.array(v.any()) }),
    handler: async (_ctx, { input }) => {
      const { context } = await inputHandle(input).ask({ context: form("Which?", "text") });
      const text = context.action === "accept" ? String(context.content.text) : context.action;
      return { messages: [{ role: "user", content: { type: "text", text } }] };
    },
  }),
  resourceAsking: internalQuery({
    args: { input: inputValidator() },
    returns: v.object({ text: v.string() }),
    handler: async (_ctx, { input }) => {
      const { who } = await inputHandle(input).ask({ who: form("Who?", "name") });
      return { text: who.action === "accept" ? String(who.content.name) : who.action };
    },
  }),
});

/** The app with keys of two tenants, and of two subjects and three roles of one. */
export const newAsking = async (more: Pick<Parts, "chain"> = {}) => {
  const script: Script = { question: "What is its name?", fails: false };
  const t = newApp({ ...more, registry, functions: { probe: functionsWith(script) } });
  for (const slug of ["acme", "globex"]) {
    await t.mutation(internal.erp.tenants.create, { slug, name: slug, currency: "EUR" });
  }
  const ann = await issueKey(t, { subject: "ann" });
  const keyOf = async (args: Parameters<typeof issueKey>[1]) => (await issueKey(t, args)).key;
  const keys = {
    ann: ann.key,
    bob: await keyOf({ subject: "bob" }),
    warehouse: await keyOf({ subject: "wim", role: "warehouse" }),
    /** The same subject with fewer rights. */
    viewer: await keyOf({ subject: "ann", role: "viewer" }),
    globex: await keyOf({ subject: "ann", tenant: "globex" }),
  };
  return { t, script, keys, annKeyId: ann.keyId };
};

/** The names of the companies that the tools have founded. */
export const founded = async (t: Backend): Promise<string[]> =>
  (await rows(t, "tenants"))
    .filter(({ slug }) => slug !== "acme" && slug !== "globex")
    .map(({ slug, name }) => `${slug}: ${name}`);

/** How the calls of a tool ended, in the order of the audit log. */
export const outcomes = async (t: Backend): Promise<string[]> =>
  (await rows(t, "toolgateAudit"))
    .filter(({ method }) => ["tools/call", "prompts/get", "resources/read"].includes(method))
    .map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome} ${reason}`));

export const ALL = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} };

/** A request of 2026-07-28 by a client with these capabilities. */
export const modern = (
  t: Backend,
  key: string | undefined,
  method: string,
  params: Record<string, unknown>,
  capabilities: object = ALL,
): Promise<Reply> => {
  const message = modernMessage(method, params);
  Object.assign(message.params._meta, { [CAPABILITIES_KEY]: capabilities });
  return post(
    t,
    key,
    message,
    modernHeaders(method, String(params.name ?? params.uri ?? params.taskId)),
  );
};

/** An answer to a form. */
export const accept = (content: unknown) => ({ action: "accept", content });
