/**
 * The least server with tokens: one query finds whose token it is, one call runs the tool. It has no limits and no audit log, and
 * checks neither the message nor the arguments.
 */
import { makeFunctionReference as functionRef } from "convex/server";
import { answerTo, listed, type Message } from "./floor";
import { KEY, keyIn, text, type Peer } from "./peer";
import { contextOf, registryOf, type Ctx } from "./stubDatabase";

/** Runs the tool that the message names, for the owner of the token. */
export type CallTool = (ctx: Ctx, params: Message["params"], owner: object) => Promise<unknown>;

const find = functionRef<"query">("tokens:find");

/** What is stored of a token. */
export const hash = async (token: string): Promise<string> => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

export const serveTokens =
  (list: object, callTool: CallTool) =>
  async (ctx: Ctx, request: Request): Promise<Response> => {
    const owner = await ctx.runQuery(find, { hash: await hash(keyIn(request)) });
    if (owner === null) return new Response(null, { status: 401 });
    const message = JSON.parse(await request.text()) as Message;
    if (message.method === "tools/list") return answerTo(message, list);
    const result = await callTool(ctx, message.params, owner as object);
    return answerTo(message, text(JSON.stringify(result)));
  };

const add = functionRef<"query">("sums:add");

export const tokenFloor: Peer = {
  name: "the least server with tokens",
  ...{ eras: ["2025"], key: KEY },
  answer: (sum) => `{\\"sum\\":${String(sum)}}`,
  serve: (tools) => {
    const ctx = contextOf(registryOf(tools));
    const serve = serveTokens(listed(tools), ({ runQuery }, { arguments: args }) =>
      runQuery(add, args),
    );
    return (request) => serve(ctx, request);
  },
};
