/** An http.ts that serves the official SDK of the 2025 revisions. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { httpActionGeneric, httpRouter } from "convex/server";
import { addInput, DESCRIPTION, text } from "../../peers/peer";

const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric(async (_ctx, request) => {
    const server = new McpServer({ name: "bench", version: "1" });
    const add = { description: DESCRIPTION, inputSchema: addInput };
    server.registerTool("add", add, async ({ a, b }) => text(a + b));
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    return transport.handleRequest(request);
  }),
});

export default http;
