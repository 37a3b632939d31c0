/** @modelcontextprotocol/server, the official SDK of the 2026 revision; its pattern is a new server per request. */
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { registerAll, type Peer } from "./peer";

export const sdkFactory = (tools: readonly string[]) => () => {
  const server = new McpServer({ name: "bench", version: "1" });
  registerAll(tools, (...tool) => server.registerTool(...tool));
  return server;
};

export const sdkServer: Peer = {
  name: "@modelcontextprotocol/server",
  eras: ["2025", "2026"],
  serve: (tools) => {
    const handler = createMcpHandler(sdkFactory(tools));
    return (request) => handler.fetch(request);
  },
};
