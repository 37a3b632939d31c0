/** tools/list and tools/call. */
import type { FunctionReference } from "convex/server";
import type { Leave } from "../admission";
import type { Exchange, Method } from "../dispatcher";
import { functionArgs } from "../execute";
import { ErrorCode, isObject, RpcError } from "../jsonrpc";
import { authorize } from "../middleware/rbac";
import { attempt, MAX_RESULT, type Outcome } from "../outcome";
import type { Granted } from "../server";
import { findTool, type Tool } from "../tools";

/** A tool as clients see it (MCP schema, `Tool`). */
export interface ListedTool {
  readonly name: string;
  readonly [member: string]: unknown;
}

const PAGE_SIZE = 100;

const badCursor = () =>
  new RpcError(ErrorCode.InvalidParams, 'Invalid params: "cursor" was not issued by this server');

/** The position after the tool that the cursor names. It carries no authority, and names no tool that the caller may not see. */
const positionOf = (visible: readonly ListedTool[], cursor: unknown): number => {
  if (cursor === undefined) return 0;
  if (typeof cursor !== "string" || !/^[\w+/=-]{1,128}$/.test(cursor)) throw badCursor();
  const position = visible.findIndex(({ name }) => btoa(name) === cursor) + 1;
  if (position === 0) throw badCursor();
  return position;
};

/**
 * One page of a list, in the order of the registry.
 *
 * @throws RpcError -32602 for a cursor that names no tool.
 */
const paginate = (
  all: readonly ListedTool[],
  isVisible: (tool: ListedTool) => boolean,
  cursor: unknown,
): { tools: readonly ListedTool[]; nextCursor?: string } => {
  const visible = all.filter(isVisible);
  const rest = visible.slice(positionOf(visible, cursor));
  const tools = rest.slice(0, PAGE_SIZE);
  const last = tools.at(-1);
  return rest.length > PAGE_SIZE && last !== undefined
    ? { tools, nextCursor: btoa(last.name) }
    : { tools };
};

const leaveOf = ({ admitted }: Exchange): Leave<Granted> => {
  if (admitted.leave === undefined) throw new Error("The call was not admitted");
  return admitted.leave;
};

export const listTools: Method = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { rights } = leaveOf(exchange).granted;
  const all = JSON.parse(await ctx.runQuery(server.catalog.list, {})) as ListedTool[];
  const isVisible = ({ name }: ListedTool) => {
    const tool = findTool(server.tools, name);
    return tool !== undefined && authorize(rights, name, tool);
  };
  return paginate(all, isVisible, message.params.cursor);
};

const text = (value: string) => [{ type: "text", text: value }];

/** What a model reads when a result was too long to send. */
const tooLong = (tool: Tool): string => {
  const limit = `more than ${String(MAX_RESULT / 1024)} KiB`;
  return tool.kind === "query"
    ? `The result is ${limit}. Ask for less: a narrower filter or a smaller limit.`
    : `Done and recorded, but the result is ${limit} and was left out. Do not call again; read it with a tool that reads.`;
};

/**
 * An outcome as a CallToolResult. A return value that is no object is wrapped as `{ result }`, since `structuredContent` must
 * be an object before 2026-07-28; the text is its mirror.
 */
const toResult = (outcome: Outcome, tool: Tool): object => {
  if (outcome.state === "failed")
    return { content: text(`${outcome.code}: ${outcome.message}`), isError: true };
  if (outcome.state === "started" || outcome.result === null)
    return { content: text(tooLong(tool)), isError: true };
  const value = JSON.parse(outcome.result) as unknown;
  return {
    content: text(isObject(value) ? outcome.result : `{"result":${outcome.result}}`),
    structuredContent: isObject(value) ? value : { result: value },
    ...(outcome.state === "replayed" ? { _meta: { "toolgate/replayed": true } } : {}),
  };
};

const runQuery = (exchange: Exchange): Promise<Outcome> => {
  const { ctx, server, admitted } = exchange;
  const { tool = "", arguments: args = "{}" } = admitted.call;
  return ctx.runQuery(server.gate.read, {
    tool,
    arguments: args,
    principal: leaveOf(exchange).granted.principal,
  });
};

/** Runs an action, and records how it ended before anyone is told. */
const runAction = async (
  exchange: Exchange,
  tool: Tool,
  idempotencyId: Started["idempotencyId"],
): Promise<Outcome> => {
  const { ctx, server, admitted } = exchange;
  const { granted, operation } = leaveOf(exchange);
  const { tool: name = "", arguments: args = "{}" } = admitted.call;
  const outcome = await attempt(
    () =>
      ctx.runAction(
        tool.ref as FunctionReference<"action", "internal">,
        functionArgs(tool, JSON.parse(args) as Record<string, unknown>, granted.principal),
      ),
    () => ctx.runQuery(server.catalog.explain, { tool: name, arguments: args }),
  );
  await ctx.runMutation(server.gate.settle, {
    operation,
    outcome,
    ...(idempotencyId === undefined ? {} : { idempotencyId }),
  });
  return outcome;
};

type Started = Extract<Outcome, { state: "started" }>;

/** A mutation has run by now, in the admission; an action has been let start; a query is still to come. */
const perform = async (exchange: Exchange, tool: Tool): Promise<Outcome> => {
  const { outcome } = exchange.admitted;
  if (outcome === undefined) return runQuery(exchange);
  return outcome.state === "started" ? runAction(exchange, tool, outcome.idempotencyId) : outcome;
};

export const callTool: Method = async (exchange) => {
  const tool = findTool(exchange.server.tools, exchange.admitted.call.tool ?? "");
  if (tool === undefined) throw new Error("A tool was admitted that is not in the registry");
  return toResult(await perform(exchange, tool), tool);
};
