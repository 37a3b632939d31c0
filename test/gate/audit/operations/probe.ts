/** An app whose functions return the operation that they were told. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../../../convex/_generated/api";
import {
  internalAction,
  internalMutation,
  internalQuery,
} from "../../../../convex/_generated/server";
import { chain } from "../../../../convex/toolgate/chain";
import { principalValidator, type Identity, type Principal } from "../../../../src/data/principal";
import type { Guard } from "../../../../src/middleware/guard";
import { prompt, type Prompts } from "../../../../src/registry/prompts";
import { resource, type Resources } from "../../../../src/registry/resources";
import { tool, type ToolKind, type Tools } from "../../../../src/registry/tools";
import { newApp } from "../../../support/app";
import { issueKey } from "../../../support/gate";
import { serveFrom } from "../setup";

type Asked = { principal: Principal };
const ref = <Kind extends ToolKind>(name: string) =>
  makeFunctionReference<Kind>(`probe:${name}`) as unknown as FunctionReference<
    Kind,
    "internal",
    Asked
  >;
const reads = { permission: "products:read", description: "x", principal: true } as const;
const writes = {
  ...reads,
  permission: "stock:adjust",
  destructive: false,
  idempotent: false,
} as const;
const textOf = { args: { principal: principalValidator() }, returns: v.string() };

const tools: Tools = {
  query: () => tool.query(ref<"query">("read"), reads),
  mutation: () => tool.mutation(ref<"mutation">("write"), writes),
  action: () => tool.action(ref<"action">("run"), writes),
};
const resources: Resources = {
  "probe://me": () =>
    resource(ref<"query">("text"), { ...reads, name: "me", mimeType: "text/plain" }),
};
const prompts: Prompts = { me: () => prompt(ref<"query">("messages"), reads) };

const functions = {
  read: internalQuery({ ...textOf, handler: async (_ctx, { principal }) => principal.operation }),
  write: internalMutation({
    ...textOf,
    handler: async (_ctx, { principal }) => principal.operation,
  }),
  run: internalAction({ ...textOf, handler: async (_ctx, { principal }) => principal.operation }),
  text: internalQuery({
    args: textOf.args,
    handler: async (_ctx, { principal }) => ({ text: principal.operation }),
  }),
  messages: internalQuery({
    args: textOf.args,
    handler: async (_ctx, { principal: { operation } }) => ({
      messages: [{ role: "user", content: { type: "text", text: operation } }],
    }),
  }),
};

/** An app's own guard, whose principal has an operation already. */
export const naming: Guard<object, { principal: Identity }> = {
  decide: (_tx, { principal }, next) =>
    next({ principal: { ...principal, operation: "the guard's own" } }),
};

export const serveProbe = async (...more: readonly Guard<object, { principal: Identity }>[]) => {
  const server = newApp({
    registry: { tools, resources, prompts },
    functions: { probe: functions },
    chain: [...chain, ...more] as unknown as typeof chain,
  });
  await server.mutation(internal.erp.tenants.create, { slug: "acme", name: "A", currency: "EUR" });
  serveFrom(server, (await issueKey(server)).key);
};
