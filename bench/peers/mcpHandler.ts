import { createMcpHandler } from "mcp-handler";
import { addInput, DESCRIPTION, text, type Peer } from "./peer";

export const mcpHandler: Peer = {
  name: "mcp-handler",
  eras: ["2025", "2026"],
  serve: (tools) =>
    createMcpHandler((server) => {
      for (const name of tools) {
        server.registerTool(
          name,
          { description: DESCRIPTION, inputSchema: addInput },
          async ({ a, b }) => text(a + b),
        );
      }
    }),
};
