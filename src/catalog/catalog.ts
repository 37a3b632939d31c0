/**
 * The tools as clients see them. Only this part of the library imports the tool modules and zod. So it runs in an internal query of its
 * own: Convex evaluates it when a client asks for the list, and then answers from its query cache.
 */
import { v, type Infer, type ValidatorJSON } from "convex/values";
import { siteOrigin } from "../auth/site";
import { isHeldFor } from "../auth/approval";
import { validatorsOf } from "../fields/checked";
import { entriesOf } from "../registry/entries";
import { iconFault, iconsFor } from "../registry/icons";
import { titleOf } from "../registry/titles";
import type { Toolgate } from "../registry/toolgate";
import { isToolName, type Tool } from "../registry/tools";
import { functionOf, type Modules, type RegisteredFunction } from "./functions";
import { inputSchema } from "./inputSchema";
import { toJsonSchema, type JsonSchema } from "./jsonSchema";
import { zodReturnsOf } from "./keepZod";
import { withKeywords } from "./keywords";
import { orJob, outputSchema, type GoingOn } from "./outputSchema";
import { shown } from "./shown";
import { toolMeta } from "./toolMeta";
import { objectOf, zodSchema } from "./zodSchema";

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

/** What lists depend on, apart from the tool itself. */
interface Listing extends Pick<Toolgate, "tools" | "dir" | "resources"> {
  /** What the caller's key and role put under approval. */
  readonly approval?: readonly string[] | undefined;
}

/** How a call of the tool may go on as a job. */
const goingOn = (name: string, tool: Tool, { approval, dir }: Listing): GoingOn[] => {
  const isHeld = tool.approval !== undefined || isHeldFor(approval, name, tool, { dir });
  return [
    ...(tool.kind === "action" ? ["working" as const] : []),
    ...(isHeld ? ["awaiting_approval" as const] : []),
  ];
};

/** What the function says of its result beside the types that Convex exports; `{}` if it says nothing. */
const twinOf = (fn: RegisteredFunction, returns: ValidatorJSON): JsonSchema => {
  const zodReturns = zodReturnsOf(fn);
  if (zodReturns !== undefined) return zodSchema(objectOf(zodReturns), "output");
  const validator = validatorsOf(fn)?.returns;
  return validator ? withKeywords(toJsonSchema(returns, "result"), validator) : {};
};

const outputSchemaOf = (
  fn: RegisteredFunction,
  states: readonly GoingOn[],
): { outputSchema?: JsonSchema } => {
  const returns = JSON.parse(fn.exportReturns()) as ValidatorJSON | null;
  if (returns === null || answersWithContent(returns)) return {};
  const schema = outputSchema(returns, twinOf(fn, returns));
  if (schema === undefined) return {};
  return { outputSchema: shown(orJob(schema, states)) };
};

const inlineFault = ({ maxInline = 0 }: Tool): string | undefined =>
  typeof maxInline === "number" && maxInline >= 0
    ? undefined
    : "maxInline: expected a number of seconds, from 0";

const describe = (name: string, tool: Tool, modules: Modules, all: Listing) => {
  if (!isToolName(name))
    throw new Error(`Tool ${name}: a name has 1 to 64 letters, digits, "_" or "-"`);
  const fault = iconFault(tool.icons) ?? inlineFault(tool);
  if (fault !== undefined) throw new Error(`Tool ${name}: ${fault}`);
  const fn = functionOf(name, tool, modules);
  const { description, icons } = tool;
  const title = titleOf(name, tool.title);
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(name, tool, fn),
    ...outputSchemaOf(fn, goingOn(name, tool, all)),
    annotations: annotations(title, tool),
    icons: iconsFor(icons, siteOrigin()),
    _meta: toolMeta(name, tool, all.resources ?? {}),
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
const listed = (name: string, tool: Tool, modules: Modules, all: Listing): Listed[] => {
  try {
    return [{ name, text: JSON.stringify(describe(name, tool, modules, all)) }];
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
 * Its argument is what the caller's key and role put under approval, if anything: the answers to these tools may be another. Convex caches
 * a list for each such rule, and one for all other callers.
 *
 * @param modules - every module that a tool is bound to.
 */
export const listing = (app: Pick<Toolgate, "tools" | "dir" | "resources">, modules: Modules) => ({
  args: { approval: v.optional(v.array(v.string())) },
  returns: v.array(listedValidator),
  handler: (_ctx: unknown, { approval }: { approval?: string[] }): Listed[] =>
    entriesOf(app.tools).flatMap(([name, tool]) =>
      listed(name, tool, modules, { ...app, approval }),
    ),
});
