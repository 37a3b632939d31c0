/** @hono/mcp on the official SDK of the 2025 revisions. Stateless: a server and a transport per request, as its transport demands. */
import { StreamableHTTPTransport } from "@hono/mcp";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Hono } from "hono";
import { registerAll, type Peer } from "./peer";

const newServer = (tools: readonly string[]) => {
  const server = new McpServer({ name: "bench", version: "1" });
  registerAll(tools, (...tool) => server.registerTool(...tool));
  return server;
};

export const honoMcp: Peer = {
  name: "@hono/mcp",
  eras: ["2025"],
  serve: (tools) => {
    const app = new Hono();
    app.all("/mcp", async (context) => {
      const transport = new StreamableHTTPTransport({ enableJsonResponse: true });
      await newServer(tools).connect(transport);
      return (await transport.handleRequest(context)) ?? context.body(null, 202);
    });
    return (request) => app.fetch(request);
  },
};
