/**
 * The least server with tokens: one query finds whose token it is, one call runs the tool. It has no limits and no audit log, and
 * checks neither the message nor the arguments.
 */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { answerTo, listed, type Message } from "./floor";
import { text, type Peer } from "./peer";
import { contextOf, registryOf } from "./stubDatabase";

type Run = (ref: FunctionReference<"query">, args: object) => Promise<unknown>;

interface Ctx {
  readonly runQuery: Run;
  readonly runMutation: Run;
}

/** Runs the tool that the message names, for the owner of the token. */
export type CallTool = (ctx: Ctx, params: Message["params"], owner: object) => Promise<unknown>;

const find = makeFunctionReference<"query">("tokens:find");

export const TOKEN = "bench_0123456789abcdefghijklmnopqrstuvwxyz";

/** What is stored of a token. */
export const hash = async (token: string): Promise<string> => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

export const serveTokens =
  (list: object, callTool: CallTool) =>
  async (ctx: Ctx, request: Request): Promise<Response> => {
    const token = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
    const owner = await ctx.runQuery(find, { hash: await hash(token) });
    if (owner === null) return new Response(null, { status: 401 });
    const message = JSON.parse(await request.text()) as Message;
    if (message.method === "tools/list") return answerTo(message, list);
    const result = await callTool(ctx, message.params, owner as object);
    return answerTo(message, text(JSON.stringify(result)));
  };

const add = makeFunctionReference<"query">("sums:add");

export const tokenFloor: Peer = {
  name: "the least server with tokens",
  eras: ["2025"],
  key: TOKEN,
  answer: (sum) => `{\\"sum\\":${String(sum)}}`,
  serve: (tools) => {
    const ctx = contextOf(registryOf(tools)) as unknown as Ctx;
    const serve = serveTokens(listed(tools), ({ runQuery }, params) =>
      runQuery(add, params.arguments),
    );
    return (request) => serve(ctx, request);
  },
};
