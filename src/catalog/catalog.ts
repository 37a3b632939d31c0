/**
 * The tools as clients see them. Only this part of the library imports the tool modules and zod. So it runs in an internal query of its
 * own: Convex evaluates it when a client asks for the list, and then answers from its query cache.
 */
import { v, type Infer, type ValidatorJSON } from "convex/values";
import { siteOrigin } from "../auth/site";
import { entriesOf } from "../registry/entries";
import { iconFault, iconsFor } from "../registry/icons";
import type { Resources } from "../registry/resources";
import { titleOf } from "../registry/titles";
import { isToolName, type Tools, type Tool } from "../registry/tools";
import { functionOf, type Modules, type RegisteredFunction } from "./functions";
import { inputSchema } from "./inputSchema";
import type { JsonSchema } from "./jsonSchema";
import { zodReturnsOf } from "./keepZod";
import { orRunning, outputSchema } from "./outputSchema";
import { shown } from "./shown";
import { toolMeta } from "./toolMeta";
import { objectOf } from "./zodSchema";

/** All four hints: directories refuse a tool that leaves one to its default, also where the default does not matter. */
const annotations = (title: string, { kind, destructive, idempotent, openWorld }: Tool) => ({
  title,
  readOnlyHint: kind === "query",
  destructiveHint: kind !== "query" && destructive !== false,
  idempotentHint: kind === "query" || idempotent === true,
  openWorldHint: openWorld === true,
});

const answersWithContent = (returns: ValidatorJSON | null): boolean =>
  returns?.type === "object" && "mcpContent" in returns.value;

const outputSchemaOf = (fn: RegisteredFunction, { kind }: Tool): { outputSchema?: JsonSchema } => {
  const returns = JSON.parse(fn.exportReturns()) as ValidatorJSON | null;
  if (returns === null || answersWithContent(returns)) return {};
  const zodReturns = zodReturnsOf(fn);
  const schema = outputSchema(returns, zodReturns && objectOf(zodReturns));
  if (schema === undefined) return {};
  return { outputSchema: shown(kind === "action" ? orRunning(schema) : schema) };
};

const describe = (name: string, tool: Tool, modules: Modules, resources: Resources) => {
  if (!isToolName(name))
    throw new Error(`Tool ${name}: a name has 1 to 64 letters, digits, "_" or "-"`);
  const fault = iconFault(tool.icons);
  if (fault !== undefined) throw new Error(`Tool ${name}: ${fault}`);
  const fn = functionOf(name, tool, modules);
  const { description, icons } = tool;
  const title = titleOf(name, tool.title);
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(name, tool, fn),
    ...outputSchemaOf(fn, tool),
    annotations: annotations(title, tool),
    icons: iconsFor(icons, siteOrigin()),
    _meta: toolMeta(name, tool, resources),
  };
};

/** A tool as `tools/list` sends it. */
const listedValidator = v.object({
  name: v.string(),
  /** The whole tool, as JSON text. */
  text: v.string(),
});

export type Listed = Infer<typeof listedValidator>;

/** Describes a tool, or logs why it cannot be described: a mistake in one line must not take the list from everybody. */
const listed = (name: string, tool: Tool, modules: Modules, resources: Resources): Listed[] => {
  try {
    return [{ name, text: JSON.stringify(describe(name, tool, modules, resources)) }];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.warn(`toolgate: tools/list leaves out "${name}": ${why}`);
    return [];
  }
};

/**
 * The definition of the internal query behind `tools/list`. It returns all tools, for every role, in the order of the registry. Each
 * tool is JSON text, because a list sends it as it is, and because Convex values do not allow member names such as `$ref`.
 *
 * A tool whose function is missing or cannot be described, or whose view is none, is left out, and named in the log.
 *
 * @param modules - every module that a tool is bound to.
 * @param resources - where the views of the tools are.
 */
export const listing = (tools: Tools, modules: Modules, resources: Resources = {}) => ({
  args: {},
  returns: v.array(listedValidator),
  handler: (): Listed[] =>
    entriesOf(tools).flatMap(([name, tool]) => listed(name, tool, modules, resources)),
});
