/** tools/list. */
import { leaveOf } from "../admit";
import type { Method } from "../dispatcher";
import { orBusy } from "../overload";
import { authorize } from "../middleware/rbac";
import { paginate } from "./page";
import { find } from "../registry";

/** A tool as clients see it (MCP schema, `Tool`). */
interface ListedTool {
  readonly name: string;
  readonly [member: string]: unknown;
}

/** What the caller may call, in the order of the registry. */
export const listTools: Method = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { rights } = leaveOf(exchange).granted;
  const all = JSON.parse(
    await orBusy(ctx.runQuery(server.functions.catalog.list, {})),
  ) as ListedTool[];
  const visible = all.filter(({ name }) => {
    const tool = find(server.tools, name);
    return tool !== undefined && authorize(rights, { kind: "tool", name }, tool);
  });
  const { items, ...next } = paginate(visible, ({ name }) => name, message.params.cursor);
  return { tools: items, ...next };
};
