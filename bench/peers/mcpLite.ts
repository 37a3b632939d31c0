import { McpServer, StreamableHttpTransport } from "mcp-lite";
import { z } from "zod";
import { addInput, DESCRIPTION, text, type Peer } from "./peer";

export const mcpLite: Peer = {
  name: "mcp-lite",
  eras: ["2025"],
  serve: (tools) => {
    const schemaAdapter = (schema: unknown) => z.toJSONSchema(schema as z.ZodType);
    const server = new McpServer({ name: "bench", version: "1", schemaAdapter });
    const tool = { description: DESCRIPTION, inputSchema: addInput };
    for (const name of tools) server.tool(name, { ...tool, handler: ({ a, b }) => text(a + b) });
    return new StreamableHttpTransport().bind(server);
  },
};
