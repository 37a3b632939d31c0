/**
 * The Convex app in convex-test: the same modules as a deployment, in this process and in memory.
 *
 * Where it differs from the real backend in what an app may notice:
 * - Nothing is kept. All data is gone when the process ends.
 * - Queries and mutations run one at a time, so no two ever conflict on a write and nothing is retried. A mutation that never
 *   ends blocks all others. What a transaction may read and write is limited as on Convex; time, memory and the size of a
 *   document are not.
 * - `convex/crons.ts` never runs. Nothing here lives long enough for the sweep to matter; run `toolgate/jobs:sweep` by hand if it does.
 * - Scheduled functions are timers in this process. A delay over 24.8 days fires at once.
 * - When a client leaves, its stream is cancelled and `enqueue` throws; Convex only aborts `request.signal`. src/wire/sse.ts heeds
 *   both.
 * - `ctx` works in a stream only while its `start` runs, not from `pull`.
 * - All modules share one realm with Node: a global that Convex lacks (Buffer) works here. `npm run bundle` finds those.
 * - Queries read every row of a table to find a few: slow beyond some 10,000 rows.
 * - `request.url` says `https://some.convex.site`. Headers arrive as they were sent.
 */
import type { TestConvex } from "convex-test";
import { makeFunctionReference, type GenericSchema, type SchemaDefinition } from "convex/server";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { findModules, type Modules } from "./modules";
import { Refusal, refusalOf } from "./refusal";

/** Who sends a request, as `ctx.meta.getRequestMetadata()` tells. */
export interface Peer {
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface Backend {
  /** Answers an HTTP request by the app's `http.ts`. */
  readonly fetch: (request: Request, peer: Peer) => Promise<Response>;
  /**
   * Runs any function of the app, as `npx convex run` does.
   *
   * @param name - such as `toolgate/admin:revokeKey` or `erp/tenants:list`.
   * @throws Refusal for an unknown function, arguments that its validator refuses, or a ConvexError.
   */
  readonly run: (name: string, args: object, peer?: Peer) => Promise<JSONValue>;
}

const LOCAL: Peer = { ip: "127.0.0.1", userAgent: null };

type Kind = "query" | "mutation" | "action";

const kindOf = async (modules: Modules, name: string): Promise<Kind> => {
  const [module = "", exported = "default"] = name.split(":");
  const load = Object.hasOwn(modules, `convex/${module}`) ? modules[`convex/${module}`] : undefined;
  const flags = (await load?.())?.[exported] as Partial<Record<string, true>> | undefined;
  if (flags?.isQuery) return "query";
  if (flags?.isMutation) return "mutation";
  if (flags?.isAction) return "action";
  throw new Refusal("unknown_function", `There is no function ${JSON.stringify(name)}`);
};

const toConvex = (args: object): Record<string, Value> => {
  try {
    return jsonToConvex(args as JSONValue) as Record<string, Value>;
  } catch {
    throw new Refusal("invalid_arguments", "The arguments are no Convex value");
  }
};

/** Path and query only: the host is convex-test's own, and nothing may rely on it. */
const targetOf = ({ url }: Request): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

const initOf = ({ method, headers, body, signal }: Request): RequestInit => ({
  method,
  headers: [...headers],
  body,
  signal,
  // Node refuses a body that is a stream without it.
  ...(body && { duplex: "half" }),
});

type App = Pick<TestConvex<SchemaDefinition<GenericSchema, boolean>>, Kind | "fetch">;

const call = (
  app: App,
  kind: Kind,
  name: string,
  args: Record<string, Value>,
): Promise<unknown> => {
  if (kind === "query") return app.query(makeFunctionReference<"query">(name), args);
  if (kind === "mutation") return app.mutation(makeFunctionReference<"mutation">(name), args);
  return app.action(makeFunctionReference<"action">(name), args);
};

/** As a deploy does: a module that cannot be loaded is found now, not by whoever calls first. */
const loadAll = (modules: Modules) =>
  Promise.all(Object.values(modules).map(async (load) => load()));

/** Starts an empty app. Its modules are loaded here, so `process.env` must be set before. */
export const startBackend = async (): Promise<Backend> => {
  const [{ convexTest }, { default: schema }, modules] = await Promise.all([
    import("convex-test"),
    import("../convex/schema"),
    findModules(),
  ]);
  await loadAll(modules);
  // convex-test cuts off what follows the last dot.
  const files = Object.entries(modules).map(([name, load]) => [`${name}.ts`, load] as const);
  const app = convexTest({
    schema,
    modules: Object.fromEntries(files),
    transactionLimits: true,
  });
  return {
    fetch: (request, peer) =>
      app.withRequestMetadata(peer).fetch(targetOf(request), initOf(request)),
    run: async (name, args, peer = LOCAL) => {
      const kind = await kindOf(modules, name);
      try {
        const result = await call(app.withRequestMetadata(peer), kind, name, toConvex(args));
        return convexToJson((result ?? null) as Value);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
};
