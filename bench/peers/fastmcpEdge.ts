import { EdgeFastMCP } from "fastmcp/edge";
import { addInput, DESCRIPTION, type Peer } from "./peer";

export const fastmcpEdge: Peer = {
  name: "fastmcp EdgeFastMCP",
  eras: ["2025"],
  serve: (tools) => {
    const server = new EdgeFastMCP({ name: "bench", version: "1.0.0" });
    for (const name of tools) {
      server.addTool({
        name,
        description: DESCRIPTION,
        parameters: addInput,
        execute: async ({ a, b }) => String(a + b),
      });
    }
    return (request) => server.fetch(request);
  },
};
