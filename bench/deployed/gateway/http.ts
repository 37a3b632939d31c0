/** An http.ts that serves convex-mcp-gateway as its README mounts it; its component is deployed apart and not weighed here. */
import { defineMcpQuery, McpGateway } from "convex-mcp-gateway";
import {
  componentsGeneric,
  httpActionGeneric,
  httpRouter,
  makeFunctionReference,
  type FunctionReference,
} from "convex/server";
import { v } from "convex/values";

const { mcpGateway } = componentsGeneric() as unknown as {
  mcpGateway: ConstructorParameters<typeof McpGateway>[0];
};
const gateway = new McpGateway(mcpGateway);
const fn = makeFunctionReference<"query">("sums:add") as unknown as FunctionReference<
  "query",
  "internal"
>;
const args = { a: v.number(), b: v.number() };
const tools = [defineMcpQuery({ name: "add", description: "Add two numbers.", fn, args })];

const http = httpRouter();

http.route({
  path: "/mcp",
  method: "POST",
  handler: httpActionGeneric((ctx, request) =>
    gateway.handleMcpRequest(ctx, request, {
      authorize: async () => ({ allowed: true }),
      tools,
    }),
  ),
});

export default http;
