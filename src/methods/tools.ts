/** tools/list. */
import type { Method } from "../dispatcher";
import { leaveOf } from "../admit";
import { ErrorCode, RpcError } from "../jsonrpc";
import { orBusy } from "../overload";
import { authorize } from "../middleware/rbac";
import { findTool } from "../tools";

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

export const listTools: Method = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { rights } = leaveOf(exchange).granted;
  const all = JSON.parse(await orBusy(ctx.runQuery(server.catalog.list, {}))) as ListedTool[];
  const isVisible = ({ name }: ListedTool) => {
    const tool = findTool(server.tools, name);
    return tool !== undefined && authorize(rights, name, tool);
  };
  return paginate(all, isVisible, message.params.cursor);
};
