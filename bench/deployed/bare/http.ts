/** The least that answers HTTP on Convex. */
import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";

const add = makeFunctionReference<"query">("sums:add");
const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (ctx, request) =>
    Response.json(await ctx.runQuery(add, (await request.json()) as Record<string, unknown>)),
  ),
});

export default http;
