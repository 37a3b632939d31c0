/** convex-mcp-gateway as its README mounts it: everybody may call, every call is audited. */
import { McpGateway, defineMcpQuery } from "convex-mcp-gateway";
import { componentsGeneric, httpRouter } from "convex/server";
import { httpAction } from "../../convex/_generated/server";
import { addRef } from "./refs";
import { addArgs } from "./sums";

const { mcpGateway } = componentsGeneric() as unknown as {
  mcpGateway: ConstructorParameters<typeof McpGateway>[0];
};

export const gateway = new McpGateway(mcpGateway);

const tools = [
  defineMcpQuery({ name: "add", description: "Add two numbers.", fn: addRef, args: addArgs }),
];

const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpAction((ctx, request) =>
    gateway.handleMcpRequest(ctx, request, {
      authorize: async () => ({ allowed: true }),
      tools,
    }),
  ),
});

export default http;
