/** Answers tools/list. */
import { fixedOn } from "../../auth/fixed";
import { withoutFixed } from "../../auth/fixedSchema";
import { authorize, type Rights } from "../../auth/rights";
import type { Listed } from "../../catalog/catalog";
import { find } from "../../registry/entries";
import type { Toolgate } from "../../registry/toolgate";
import { withoutView } from "../../registry/views";
import { JsonText } from "../../wire/jsonText";
import type { Handle } from "../exchange";
import { paginate } from "./page";
import { runQuery } from "../glue";

/** A tool of the catalog, and the view that its line names. */
interface Visible extends Listed {
  readonly ui: string | undefined;
}

/** The tools that the caller may use, in their order. Each line is made once: a list has hundreds. */
const visibleTo = (rights: Rights, { tools }: Toolgate, all: readonly Listed[]): Visible[] => {
  const visible: Visible[] = [];
  for (const { name, text } of all) {
    const tool = find(tools, name);
    if (tool !== undefined && authorize(rights, { kind: "tool", name }, tool))
      visible.push({ name, text, ui: tool.ui });
  }
  return visible;
};

/** Whether the tool names a view that this caller may not read. */
const hidesView = ({ resources = {} }: Toolgate, ui: string, rights: Rights): boolean => {
  const view = find(resources, ui);
  return view !== undefined && !authorize(rights, { kind: "resource", name: ui }, view);
};

interface ListedTool {
  readonly inputSchema: object;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/**
 * The tool as this caller sees it. The catalog is one for all callers, so what a key fixes is taken out here, and so is a view that the
 * caller may not read: a client would show that it failed in place of the result.
 */
const textFor = (app: Toolgate, { name, text, ui }: Visible, rights: Rights): string => {
  const fixed = rights.fixed && fixedOn(rights, { kind: "tool", name });
  const hides = ui !== undefined && hidesView(app, ui, rights);
  if (fixed === undefined && !hides) return text;
  const { inputSchema, _meta, ...tool } = JSON.parse(text) as ListedTool;
  const meta = hides ? withoutView(_meta) : _meta;
  return JSON.stringify({
    ...tool,
    inputSchema: fixed === undefined ? inputSchema : withoutFixed({ ...inputSchema }, fixed),
    _meta: meta,
  });
};

/**
 * Lists the tools that the caller may use, in the order of the registry, one page.
 *
 * @throws RpcError -32602 for a wrong cursor
 */
export const listTools: Handle = async (exchange) => {
  const { app, message, rights } = exchange;
  const { approval } = rights;
  const all = await runQuery(exchange, "catalog:list", approval ? { approval: [...approval] } : {});
  const visible = visibleTo(rights, app, all);
  const { items, ...next } = paginate(visible, ({ name }) => name, message.params.cursor);
  const texts = items.map((one) => textFor(app, one, rights));
  return { tools: new JsonText(`[${texts.join(",")}]`), ...next };
};
