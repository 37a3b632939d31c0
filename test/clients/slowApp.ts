/** The app with one tool in place of its own: an action that takes as long as a test lets it. */
import { httpRouter, makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import {
  httpAction,
  internalAction,
  internalMutation,
  internalQuery,
} from "../../convex/_generated/server";
import { gate } from "../../convex/chain";
import { admission } from "../../src/gate/admission";
import { explaining, listing } from "../../src/catalog/catalog";
import { compose } from "../../src/middleware/compose";
import { listen } from "../../local/listen";
import { mcp } from "../../src/mcp/endpoint";
import { reading } from "../../src/run/reading";
import { tool, type Tools } from "../../src/registry/tools";
import { issueKey, newBackend } from "../support/gate";
import { workerWith } from "../support/jobs";

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
const modulesWith = (work: () => Promise<void>) => {
  const run = internalAction({
    args: {},
    returns: v.object({ done: v.boolean() }),
    handler: async () => {
      await work();
      return { done: true };
    },
  });
  const settings = { registry: { tools }, functions: internal };
  const catalog = { tools, modules: { slow: { run } } };
  const http = httpRouter();
  for (const method of ["POST", "GET"] as const) {
    http.route({
      path: "/mcp",
      method,
      handler: httpAction(
        compose(...gate)(
          mcp({
            name: "slow",
            version: "1",
            tools,
            functions: internal,
            peppers: () => process.env.TOOLGATE_PEPPERS,
          }),
        ),
      ),
    });
  }
  return {
    slow: { run },
    http: { default: http },
    gate: {
      admit: internalMutation(admission(gate, settings)),
    },
    reading: { read: internalQuery(reading({ tools }, internal)) },
    worker: workerWith(tools),
    catalog: {
      list: internalQuery(listing(catalog)),
      explain: internalQuery(explaining(catalog)),
    },
  };
};

/** Serves it on a free port. Its only tool, `slow`, ends when `work` does. */
export const startSlowApp = async (work: () => Promise<void>) => {
  const modules = Object.entries(modulesWith(work)).map(
    ([name, module]) => [`../../convex/${name}.ts`, () => Promise.resolve(module)] as const,
  );
  const t = newBackend(Object.fromEntries(modules));
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
