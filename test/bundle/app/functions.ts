/** Functions as convex-test takes them, around functions that live in a context of their own. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { HttpRouter } from "convex/server";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { Phase } from "../runtime/phase";
import { Request, type Response as ConvexResponse } from "../runtime/web";

/** A function as Convex's own code registers it. */
interface Registered {
  readonly isQuery?: true;
  readonly isMutation?: true;
  readonly isAction?: true;
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
  readonly invokeQuery: (args: string) => Promise<string>;
  readonly invokeMutation: (args: string) => Promise<string>;
  readonly invokeAction: (requestId: string, args: string) => Promise<string>;
}

export type Exports = Readonly<Record<string, unknown>>;

/** What surrounds a call in convex-test. Code of another context finds it only through this. */
type Within = <T>(run: () => T) => T;

/** Around what a function runs. */
export type Around = <T>(work: () => Promise<T>) => Promise<T>;

export interface Home {
  readonly phase: Phase;
  /** Set for each call, before anything runs. */
  readonly enter: (within: Within) => void;
  readonly around: Around;
}

const isRegistered = (value: unknown): value is Registered =>
  typeof value === "function" && "exportArgs" in value;

const ERROR = Symbol.for("ConvexError");

/** Convex's own code has made a text of the data, for the way out of the context. */
const withData = (error: unknown): unknown => {
  if (typeof error === "object" && error !== null && ERROR in error) {
    const convexError = error as unknown as { data: unknown };
    convexError.data = jsonToConvex(JSON.parse(convexError.data as string) as JSONValue);
  }
  return error;
};

const invoke = async (fn: Registered, phase: Phase, args: string): Promise<string> => {
  const kind = fn.isQuery ? "query" : fn.isMutation ? "mutation" : "action";
  phase.enter(kind);
  if (kind === "query") return fn.invokeQuery(args);
  return kind === "mutation" ? fn.invokeMutation(args) : fn.invokeAction("drive", args);
};

const wrapped = (fn: Registered, { phase, enter, around }: Home) => ({
  isQuery: fn.isQuery,
  isMutation: fn.isMutation,
  isAction: fn.isAction,
  exportArgs: fn.exportArgs,
  exportReturns: fn.exportReturns,
  _handler: async (_ctx: unknown, args: Value) => {
    enter(AsyncLocalStorage.snapshot());
    try {
      const text = JSON.stringify([convexToJson(args)]);
      const result = await around(() => invoke(fn, phase, text));
      return jsonToConvex(JSON.parse(result) as JSONValue);
    } catch (error) {
      throw withData(error);
    }
  },
});

/** Convex reads a response as fast as it can. */
const drained = ({ body }: ConvexResponse): ReadableStream<Uint8Array> | null =>
  body === null
    ? null
    : new ReadableStream({
        async start(controller) {
          const reader = body.getReader();
          for (let part = await reader.read(); !part.done; part = await reader.read())
            controller.enqueue(part.value);
          controller.close();
        },
      });

type Endpoint = { invokeHttpAction: (request: Request) => Promise<ConvexResponse> };

const answer = async (endpoint: Endpoint, request: globalThis.Request, home: Home) => {
  home.enter(AsyncLocalStorage.snapshot());
  home.phase.enter("action");
  const { url, method, headers } = request;
  const bytes = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
  const sent = new Request(url, { method, headers, body: bytes });
  const response = await home.around(() => endpoint.invokeHttpAction(sent));
  return new Response(drained(response), {
    status: response.status,
    headers: [...response.headers],
  });
};

const wrappedRouter = (router: HttpRouter, home: Home) => ({
  lookup: (path: string, method: string) => {
    const [endpoint] = router.lookup(path, method as "POST") ?? [];
    if (endpoint === undefined) return null;
    const handler = (_ctx: unknown, request: globalThis.Request) =>
      answer(endpoint as unknown as Endpoint, request, home);
    return [{ _handler: handler }];
  },
});

/** The exports of a module, for convex-test. */
export const forConvexTest = (exports: Exports, home: Home): Exports =>
  Object.fromEntries(
    Object.entries(exports).map(([name, value]) => {
      if (isRegistered(value)) return [name, wrapped(value, home)];
      const isRouter = name === "default" && typeof value === "object" && value !== null;
      return [
        name,
        isRouter && "lookup" in value ? wrappedRouter(value as HttpRouter, home) : value,
      ];
    }),
  );
