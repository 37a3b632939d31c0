/** The least that answers HTTP on Convex, and calls the least that reads, writes or starts an action. */
import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";

interface Call {
  readonly runs: "query" | "mutation" | "job";
  readonly args: Record<string, unknown>;
}

const get = makeFunctionReference<"query">("bareQuery:get");
const add = makeFunctionReference<"mutation">("bareMutation:add");
const start = makeFunctionReference<"mutation">("bareJob:start");
const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (ctx, request) => {
    const { runs, args } = (await request.json()) as Call;
    if (runs === "query") return Response.json(await ctx.runQuery(get, args));
    return Response.json(await ctx.runMutation(runs === "job" ? start : add, args));
  }),
});

export default http;
