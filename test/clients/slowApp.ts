/** The app with one tool in place of its own: an action that takes as long as a test lets it. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalAction } from "../../convex/_generated/server";
import { listen } from "../../cli/serve/listen";
import { tool, type Tools } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { issueKey } from "../support/gate";

const run = makeFunctionReference<"action">("slow:run") as unknown as FunctionReference<
  "action",
  "internal"
>;

const tools: Tools = {
  slow: () =>
    tool.action(run, {
      permission: "orders:read",
      description: "Takes its time.",
      destructive: false,
      idempotent: true,
    }),
};

/** @param work - what the tool waits for. */
const slowTool = (work: () => Promise<void>) =>
  internalAction({
    args: {},
    returns: v.object({ done: v.boolean() }),
    handler: async () => {
      await work();
      return { done: true };
    },
  });

/** Serves it on a free port. Its only tool, `slow`, ends when `work` does. */
export const startSlowApp = async (work: () => Promise<void>) => {
  const t = newApp({ registry: { tools }, functions: { slow: { run: slowTool(work) } } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  const { key } = await issueKey(t);
  const door = await listen(
    { host: "127.0.0.1", port: 0 },
    ({ url, method, headers, body, signal }) =>
      t.fetch(new URL(url).pathname, {
        method,
        headers,
        body,
        signal,
        ...(body && { duplex: "half" }),
      }),
  );
  return { url: new URL("/mcp", door.url), key, close: door.close };
};
