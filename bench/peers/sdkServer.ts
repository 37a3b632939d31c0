/** @modelcontextprotocol/server, the official SDK of the 2026 revision; its pattern is a new server per request. */
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { addInput, DESCRIPTION, text, type Peer } from "./peer";

const tool = { description: DESCRIPTION, inputSchema: addInput };

export const sdkServer: Peer = {
  name: "@modelcontextprotocol/server",
  eras: ["2025", "2026"],
  serve: (tools) => {
    const handler = createMcpHandler(() => {
      const server = new McpServer({ name: "bench", version: "1" });
      for (const name of tools) server.registerTool(name, tool, async ({ a, b }) => text(a + b));
      return server;
    });
    return (request) => handler.fetch(request);
  },
};
