import { EdgeFastMCP } from "fastmcp/edge";
import { addInput, DESCRIPTION, type Peer } from "./peer";

export const fastmcpEdge: Peer = {
  name: "fastmcp EdgeFastMCP",
  eras: ["2025"],
  serve: (tools) => {
    const server = new EdgeFastMCP({ name: "bench", version: "1.0.0" });
    const tool = { description: DESCRIPTION, parameters: addInput };
    for (const name of tools)
      server.addTool({ ...tool, name, execute: async ({ a, b }) => String(a + b) });
    return (request) => server.fetch(request);
  },
};
