import { ZodJsonSchemaAdapter } from "@tmcp/adapter-zod";
import { HttpTransport } from "@tmcp/transport-http";
import { McpServer } from "tmcp";
import { addInput, DESCRIPTION, text, type Peer } from "./peer";

export const tmcp: Peer = {
  name: "tmcp",
  eras: ["2025", "2026"],
  serve: (tools) => {
    const server = new McpServer(
      { name: "bench", version: "1", description: "bench" },
      { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: {} } },
    );
    const tool = { description: DESCRIPTION, schema: addInput };
    for (const name of tools) server.tool({ ...tool, name }, async ({ a, b }) => text(a + b));
    const transport = new HttpTransport(server, { path: "/mcp" });
    return async (request) =>
      (await transport.respond(request)) ?? new Response(null, { status: 404 });
  },
};
