/** A small app out of the library's own parts, with tools that the ERP does not have: actions, and very many. */
import {
  makeFunctionReference,
  type FunctionReference,
  type FunctionVisibility,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalQuery } from "../../convex/_generated/server";
import { apiKeyAuth } from "../../src/middleware/apiKeyAuth";
import { originCheck } from "../../src/middleware/originCheck";
import { rateLimit } from "../../src/middleware/rateLimit";
import { rbac } from "../../src/middleware/rbac";
import { streamBudget } from "../../src/middleware/streamBudget";
import { tool, type Tools, type ToolKind } from "../../src/registry/tools";
import type { Backend } from "../support/gate";
import { newApp as newTestApp } from "../support/app";

const ref = <Kind extends ToolKind, Args extends Record<string, unknown>>(
  kind: Kind,
  name: string,
) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    Extract<FunctionVisibility, "internal">,
    Args
  > & { kind: typeof kind };

/** What the action `hold` waits for. */
export interface Hold {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export const newHold = (): Hold => {
  let open: (() => void) | undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open?.() };
};

const probe = (hold: Hold) => {
  const text = { text: v.string() };
  return {
    echo: internalAction({
      args: text,
      returns: v.object(text),
      handler: async (_ctx, args) => args,
    }),
    read: internalQuery({
      args: text,
      returns: v.string(),
      handler: async (_ctx, args) => args.text,
    }),
    hold: internalAction({
      args: {},
      returns: v.string(),
      handler: async () => {
        await hold.opened;
        return "done";
      },
    }),
    fail: internalAction({
      args: {},
      handler: async () => {
        throw new Error("at Object.secret (/srv/app/convex/probe.ts:1:1)");
      },
    }),
    refuse: internalAction({
      args: {},
      handler: async () => {
        throw new ConvexError({ code: "too_late", message: "Line one\r\ndata: two\n\n: three" });
      },
    }),
  };
};

const acts = { permission: "reports:read", destructive: false, idempotent: true } as const;

export const probeTools: Tools = {
  echo: () =>
    tool.action(ref<"action", { text: string }>("action", "echo"), {
      ...acts,
      description: "Echo a text.",
    }),
  read: () =>
    tool.query(ref<"query", { text: string }>("query", "read"), {
      permission: "reports:read",
      description: "Echo a text.",
    }),
  hold: () =>
    tool.action(ref<"action", { none?: never }>("action", "hold"), {
      ...acts,
      description: "Wait.",
    }),
  fail: () =>
    tool.action(ref<"action", { none?: never }>("action", "fail"), {
      ...acts,
      description: "Fail.",
    }),
  refuse: () =>
    tool.action(ref<"action", { none?: never }>("action", "refuse"), {
      ...acts,
      description: "Refuse.",
    }),
};

/** `tool_000`, `tool_001` …; every second one needs a permission that a viewer lacks. */
export const manyTools = (count: number): Tools =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `tool_${String(i).padStart(3, "0")}`,
      () => ({ ...probeTools.read!(), permission: i % 2 === 0 ? "reports:read" : "stock:adjust" }),
    ]),
  );

/** The app with one tenant, `acme`. */
export const newApp = async (tools: Tools, hold = newHold()): Promise<Backend> => {
  const chain = [
    originCheck(),
    streamBudget({ perKey: 100, perTenant: 100, perDeployment: 100 }),
    rateLimit({ scale: () => "1000" }),
    apiKeyAuth(),
    rbac(),
  ] as const;
  const t = newTestApp({ registry: { tools }, functions: { probe: probe(hold) }, chain });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  return t;
};
