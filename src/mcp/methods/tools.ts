/** Answers tools/list. */
import { fixedOn } from "../../auth/fixed";
import { withoutFixed } from "../../auth/fixedSchema";
import { authorize, type Rights } from "../../auth/rights";
import type { Listed } from "../../catalog/catalog";
import { find } from "../../registry/entries";
import { JsonText } from "../../wire/jsonText";
import type { Handle } from "../exchange";
import { paginate } from "./page";
import { runQuery } from "../glue";

/** The tool as this caller sees it. The catalog is one for all callers, so what a key fixes is taken out here. */
const textFor = ({ name, text }: Listed, rights: Rights): string => {
  const fixed = fixedOn(rights, { kind: "tool", name });
  if (fixed === undefined) return text;
  const tool = JSON.parse(text) as { readonly inputSchema: object };
  return JSON.stringify({ ...tool, inputSchema: withoutFixed({ ...tool.inputSchema }, fixed) });
};

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
  const texts = items.map((one) => textFor(one, rights));
  return { tools: new JsonText(`[${texts.join(",")}]`), ...next };
};
