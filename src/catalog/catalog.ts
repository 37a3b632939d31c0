/**
 * The tools as clients see them. Only this part of the library imports the tool modules and zod. So it runs in an internal query of its
 * own: Convex evaluates it when a client asks for the list, and then answers from its query cache.
 */
import { getFunctionName } from "convex/server";
import { v, type Infer, type ValidatorJSON } from "convex/values";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { entriesOf, find } from "../registry/entries";
import { isToolName, type Tools, type Tool } from "../registry/tools";
import { explain } from "./explain";
import { wrongIds, type IsId } from "./ids";
import { inputSchema, validatedSchema, type RegisteredFunction } from "./inputSchema";
import type { JsonSchema } from "./jsonSchema";
import { zodReturnsOf } from "./keepZod";
import { outputSchema, runningSchema } from "./outputSchema";
import { objectOf } from "./zodSchema";

/** Module path without extension (`erp/orders`) → the exports of the module. Holds every module that a tool is bound to. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const isRegistered = (value: unknown): value is RegisteredFunction =>
  typeof value === "function" && "exportArgs" in value && "exportReturns" in value;

const functionOf = (name: string, tool: Tool, modules: Modules): RegisteredFunction => {
  const [path = "", member = ""] = getFunctionName(tool.ref).split(":");
  const module = Object.hasOwn(modules, path) ? modules[path] : undefined;
  if (module === undefined) throw new Error(`Tool ${name}: add the module "${path}" to catalog.ts`);
  const fn = Object.hasOwn(module, member) ? module[member] : undefined;
  if (!isRegistered(fn))
    throw new Error(`Tool ${name}: the module "${path}" exports no function "${member}"`);
  return fn;
};

const annotations = ({ kind, title, destructive, idempotent }: Tool) => ({
  title,
  readOnlyHint: kind === "query",
  ...(kind === "query" ? {} : { destructiveHint: destructive, idempotentHint: idempotent }),
  openWorldHint: false,
});

const answersWithContent = (returns: ValidatorJSON | null): boolean =>
  returns?.type === "object" && "mcpContent" in returns.value;

/** A call of an action may take longer than its request. Its schema then also allows the job that is returned instead. */
const outputSchemaOf = (fn: RegisteredFunction, { kind }: Tool): { outputSchema?: JsonSchema } => {
  const returns = JSON.parse(fn.exportReturns()) as ValidatorJSON | null;
  if (returns === null || answersWithContent(returns)) return {};
  const zodReturns = zodReturnsOf(fn);
  const schema = outputSchema(returns, zodReturns && objectOf(zodReturns));
  if (schema === undefined) return {};
  return {
    outputSchema: kind === "action" ? { type: "object", anyOf: [schema, runningSchema] } : schema,
  };
};

const describe = (name: string, tool: Tool, modules: Modules) => {
  if (!isToolName(name))
    throw new Error(`Tool ${name}: a name has 1 to 64 letters, digits, "_" or "-"`);
  const fn = functionOf(name, tool, modules);
  const { title, description } = tool;
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(name, tool, fn),
    ...outputSchemaOf(fn, tool),
    annotations: annotations(tool),
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
const listed = (name: string, tool: Tool, modules: Modules): Listed[] => {
  try {
    return [{ name, text: JSON.stringify(describe(name, tool, modules)) }];
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
 * A tool whose function is missing or cannot be described is left out, and named in the log.
 *
 * @param modules - every module that a tool is bound to.
 */
export const listing = (tools: Tools, modules: Modules) => ({
  args: {},
  returns: v.array(listedValidator),
  handler: (): Listed[] => entriesOf(tools).flatMap(([name, tool]) => listed(name, tool, modules)),
});

/**
 * The definition of the internal query that returns what is wrong with a tool's arguments: a sentence per problem, none if nothing is
 * wrong or there is no such tool. `arguments` is JSON text.
 *
 * @throws Error that names the tool if its function is missing or cannot be described.
 */
export const explaining = (tools: Tools, modules: Modules) => ({
  args: { tool: v.string(), arguments: v.string() },
  returns: v.array(v.string()),
  handler: <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { tool: name, arguments: text }: { tool: string; arguments: string },
  ): string[] => {
    const tool = find(tools, name);
    if (tool === undefined) return [];
    const fn = functionOf(name, tool, modules);
    const args = JSON.parse(text) as unknown;
    const problems = explain(validatedSchema(name, tool, fn), args);
    if (problems.length > 0) return problems;
    const isId: IsId = (table, id) => gateReader(ctx).normalizeId(table as never, id) !== null;
    return wrongIds(JSON.parse(fn.exportArgs()) as ValidatorJSON, args, isId).map(
      (path) => `${path}: expected an id that another tool returned`,
    );
  },
});
