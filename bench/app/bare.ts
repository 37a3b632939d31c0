/** The floor inside Convex: an httpAction that reads JSON, runs one query and answers. No check of anything. */
import { httpRouter } from "convex/server";
import { httpAction } from "../../convex/_generated/server";
import { addRef } from "./refs";

interface Message {
  readonly id: number;
  readonly params: { readonly arguments: { readonly a: number; readonly b: number } };
}

const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    const { id, params } = JSON.parse(await request.text()) as Message;
    const { a, b } = params.arguments;
    const { sum } = await ctx.runQuery(addRef, { a, b });
    const result = { content: [{ type: "text", text: JSON.stringify({ sum }) }] };
    return Response.json({ jsonrpc: "2.0", id, result });
  }),
});

export default http;
