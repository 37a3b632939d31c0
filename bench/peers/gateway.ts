/** convex-mcp-gateway as its README mounts it, without zod; its component is deployed apart and not weighed here. */
import { defineMcpQuery, McpGateway } from "convex-mcp-gateway";
import {
  componentsGeneric,
  makeFunctionReference,
  type FunctionReference,
  type GenericActionCtx,
  type GenericDataModel,
} from "convex/server";
import { v } from "convex/values";

const { mcpGateway } = componentsGeneric() as unknown as {
  mcpGateway: ConstructorParameters<typeof McpGateway>[0];
};
const fn = makeFunctionReference<"query">("sums:add") as unknown as FunctionReference<
  "query",
  "internal"
>;
const args = { a: v.number(), b: v.number() };

export const gateway = {
  serve: ([name = ""]: readonly string[]) => {
    const server = new McpGateway(mcpGateway);
    const tools = [defineMcpQuery({ name, description: "Add two numbers.", fn, args })];
    const authorize = async () => ({ allowed: true }) as const;
    return (request: Request, ctx: GenericActionCtx<GenericDataModel>) =>
      server.handleMcpRequest(ctx, request, { authorize, tools });
  },
};
