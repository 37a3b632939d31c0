/**
 * The Convex app in convex-test: the same modules as on a deployment, in this process and in memory.
 *
 * An app may notice these differences from the real backend:
 * - All data is lost when the process ends.
 * - Queries and mutations run one at a time. So no writes conflict, and nothing is retried. A mutation that never ends blocks all
 *   others. The reads and writes of a transaction and the size of a document are limited as on Convex; the time and the memory of a
 *   transaction, the length of an array and the depth of a value are not.
 * - Arguments are checked as on Convex, by functions.ts. Rows and results are checked by convex-test itself: it takes members that every
 *   JavaScript object inherits (`constructor`, `toString`) in closed objects, and any values in records.
 * - `convex/crons.ts` never runs. The data seldom lives long enough to need the sweep. Run `toolgate/jobs:sweep` by hand if it does.
 * - Scheduled functions are timers in this process. A delay over 24.8 days fires at once.
 * - When a client leaves, its stream is cancelled and `enqueue` throws. Convex only aborts `request.signal`. src/wire/sse.ts handles
 *   both.
 * - `ctx` works in a stream only while its `start` runs, not from `pull`.
 * - All modules share one realm with Node, so a global that Convex lacks (Buffer) works here. `npm run bundle` finds such globals.
 * - A query visits every row of its table to find a few. That is slow beyond some 10,000 rows.
 * - `request.url` begins with `https://some.convex.site`. Headers arrive as they were sent.
 */
import type { TestConvex } from "convex-test";
import { makeFunctionReference, type GenericSchema, type SchemaDefinition } from "convex/server";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { Peer } from "../cli/serve/listen";
import { Refusal } from "../cli/serve/refusal";
import { prepareFunctions } from "./functions";
import { findModules, type Modules } from "./modules";
import { refusalOf } from "./refusal";

/** The running app. */
export interface Backend {
  /** Answers an HTTP request with the app's `http.ts`. */
  readonly fetch: (request: Request, peer: Peer) => Promise<Response>;
  /**
   * Runs any function of the app, as `npx convex run` does. Arguments and the return value are in Convex's JSON encoding.
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
  } catch (error) {
    const { message } = error as Error;
    throw new Refusal("invalid_arguments", `The arguments are no Convex value: ${message}`);
  }
};

/** Returns only the path and query, because convex-test sets the host itself. No code may rely on the host. */
const targetOf = ({ url }: Request): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

const initOf = ({ method, headers, body, signal }: Request): RequestInit => ({
  method,
  headers: [...headers],
  body,
  signal,
  // Without this, Node refuses a body that is a stream.
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

/** Loads all modules, as a deploy does, so that a broken module is found at the start and not by the first call. */
const loadAll = (modules: Modules) =>
  Promise.all(Object.values(modules).map(async (load) => load()));

/**
 * Starts an app without data. It loads the modules, so set `process.env` before.
 *
 * @throws the error of a module that cannot be loaded.
 */
export const startBackend = async (): Promise<Backend> => {
  const [{ convexTest }, { default: schema }, found] = await Promise.all([
    import("convex-test"),
    import("../convex/schema"),
    findModules(),
  ]);
  const modules = prepareFunctions(found);
  await loadAll(modules);
  // convex-test removes the text from the last dot on, so each name needs an extension.
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
