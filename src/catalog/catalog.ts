/**
 * The tools as clients see them. The only part of the library that imports tool modules and zod, which is why it runs in an
 * internal query of its own: Convex evaluates it when the list is asked for and then answers from its query cache.
 */
import { getFunctionName } from "convex/server";
import { v, type Infer, type ValidatorJSON } from "convex/values";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { entriesOf, find } from "../registry/entries";
import type { Tools, Tool } from "../registry/tools";
import { explain } from "./explain";
import { wrongIds, type IsId } from "./ids";
import { inputSchema, validatedSchema, type RegisteredFunction } from "./inputSchema";
import { outputSchema, runningSchema, type JsonSchema } from "./jsonSchema";

/** Module path without extension (`erp/orders`) → what the module exports. Every module that a tool is bound to. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

const isRegistered = (value: unknown): value is RegisteredFunction =>
  typeof value === "function" && "exportArgs" in value && "exportReturns" in value;

const functionOf = (name: string, tool: Tool, modules: Modules): RegisteredFunction => {
  const [path = "", member = ""] = getFunctionName(tool.ref).split(":");
  const module = modules[path];
  if (module === undefined) throw new Error(`Tool ${name}: add the module "${path}" to catalog.ts`);
  const fn = module[member];
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

/** A call of an action may outlast its request: then a job is returned instead. */
const outputSchemaOf = (fn: RegisteredFunction, { kind }: Tool): { outputSchema?: JsonSchema } => {
  const returns = JSON.parse(fn.exportReturns()) as ValidatorJSON | null;
  const schema = returns === null ? undefined : outputSchema(returns);
  if (schema === undefined || answersWithContent(returns)) return {};
  return {
    outputSchema: kind === "action" ? { type: "object", anyOf: [schema, runningSchema] } : schema,
  };
};

const describe = (name: string, tool: Tool, modules: Modules) => {
  if (!NAME.test(name))
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
  /** The whole of it, as JSON text. */
  text: v.string(),
});

export type Listed = Infer<typeof listedValidator>;

/**
 * The definition of the internal query behind `tools/list`. Answers all tools, for every role, in the order of the registry. Each is a text, since a list sends it as it is, and since Convex values do not take
 * member names such as `$ref`.
 *
 * @throws Error that names the first tool whose function is missing or cannot be described.
 */
export const listing = (tools: Tools, modules: Modules) => ({
  args: {},
  returns: v.array(listedValidator),
  handler: (): Listed[] =>
    entriesOf(tools).map(([name, tool]) => ({
      name,
      text: JSON.stringify(describe(name, tool, modules)),
    })),
});

/** The definition of the internal query that says what is wrong with a call's arguments. */
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
