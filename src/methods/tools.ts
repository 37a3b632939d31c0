/** tools/list. */
import { leaveOf } from "../admit";
import type { Method } from "../dispatcher";
import { orBusy } from "../overload";
import { authorize } from "../middleware/rbac";
import { JsonText } from "../jsonText";
import { paginate } from "./page";
import { find } from "../registry";

/** What the caller may call, in the order of the registry. */
export const listTools: Method = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { rights } = leaveOf(exchange).granted;
  const all = await orBusy(ctx.runQuery(server.functions.catalog.list, {}));
  const visible = all.filter(({ name }) => {
    const tool = find(server.tools, name);
    return tool !== undefined && authorize(rights, { kind: "tool", name }, tool);
  });
  const { items, ...next } = paginate(visible, ({ name }) => name, message.params.cursor);
  return { tools: new JsonText(`[${items.map(({ text }) => text).join(",")}]`), ...next };
};
