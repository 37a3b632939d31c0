/** An http.ts that serves mcp-lite, with zod as its README shows it. */
import { httpActionGeneric, httpRouter } from "convex/server";
import { mcpLite } from "../../peers/mcpLite";

const http = httpRouter();
const serve = mcpLite.serve(["add"]);

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (_ctx, request) => (await serve)(request)),
});

export default http;
