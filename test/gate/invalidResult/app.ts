/** An app whose tools return what they are told to, against their own word that it is text. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { afterEach, beforeEach, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../../convex/_generated/server";
import { resource } from "../../../src/registry/resources";
import { tool, type ToolKind } from "../../../src/registry/tools";
import type { Registry } from "../../../src/registry/registry";
import { counting, newApp, type Front } from "../../support/app";
import { callTool, issueKey, rows, type Backend, type ToolResult } from "../../support/gate";

type Give = { give: string };

const ref = <Kind extends ToolKind>(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    "internal",
    Give,
    string
  >;

const write = ref<"mutation">("write");

const line = { permission: "stock:adjust", description: "Writes.", idempotent: false } as const;
const writes = { ...line, destructive: false };
const reads = { permission: "products:read", description: "Reads." } as const;
const checked = { precheck: ref<"query">("read") };

const registry: Registry = {
  tools: {
    write: () => tool.mutation(ref<"mutation">("write"), writes),
    outer: () => tool.mutation(ref<"mutation">("outer"), writes),
    read: () => tool.query(ref<"query">("read"), reads),
    run: () => tool.action(ref<"action">("run"), writes),
    checked: () => tool.action(ref<"action">("run"), { ...writes, ...checked }),
  },
  resources: {
    "probe://{give}": () =>
      resource(ref<"query">("read"), { ...reads, name: "probe", mimeType: "text/plain" }),
  },
};

/** What the functions return for an argument, against their own word that it is text. */
const given = (give: string): string => JSON.parse(give) as string;

export const declared = { args: { give: v.string() }, returns: v.string() };

export const functions = {
  write: internalMutation({
    ...declared,
    handler: async (ctx, { give }) => {
      await ctx.db.insert("tenants", { slug: "effect", name: "Effect", currency: "EUR" });
      return given(give);
    },
  }),
  outer: internalMutation({
    ...declared,
    handler: (ctx, args): Promise<string> => ctx.runMutation(write, args),
  }),
  read: internalQuery({ ...declared, handler: async (_ctx, { give }) => given(give) }),
  run: internalAction({
    ...declared,
    handler: async (ctx, { give }) => {
      await ctx.runMutation(write, { give: '"fine"' });
      return given(give);
    },
  }),
};

export let t: Backend;
export let key: string;
export let calls: string[];
export let log: { mock: { calls: unknown[][] } };

export const serve = async (front: Front = counting(calls), probe: object = functions) => {
  t = newApp({ registry, functions: { probe }, front });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  ({ key } = await issueKey(t));
};

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  log = vi.spyOn(console, "error").mockReturnValue();
  calls = [];
  await serve();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

export const call = (name: string, give: unknown, more: object = {}): Promise<ToolResult> =>
  callTool(t, key, name, { give: JSON.stringify(give), ...more });
export const effects = async () => (await rows(t, "tenants")).length - 1;
export const recorded = async () =>
  (await rows(t, "toolgateAudit"))
    .filter(({ tool: name }) => name !== undefined)
    .map(({ outcome, reason }) => [outcome, reason]);
export const REFUSED =
  /^invalid_result: The result does not match its own definition\. Quote [\da-f-]{36}/;
