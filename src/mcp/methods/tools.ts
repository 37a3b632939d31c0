/** Answers tools/list. */
import { authorize } from "../../auth/rights";
import { find } from "../../registry/entries";
import { JsonText } from "../../wire/jsonText";
import type { Handle } from "../exchange";
import { paginate } from "./page";
import { runQuery } from "../glue";

/**
 * Lists the tools that the caller may use, in the order of the registry, one page.
 *
 * @throws RpcError -32602 for a wrong cursor
 */
export const listTools: Handle = async (exchange) => {
  const { app, message } = exchange;
  const { rights } = exchange;
  const all = await runQuery(exchange, "catalog:list", {});
  const visible = all.filter(({ name }) => {
    const tool = find(app.tools, name);
    return tool !== undefined && authorize(rights, { kind: "tool", name }, tool);
  });
  const { items, ...next } = paginate(visible, ({ name }) => name, message.params.cursor);
  return { tools: new JsonText(`[${items.map(({ text }) => text).join(",")}]`), ...next };
};
