/** The query that says what is wrong with the arguments of a call, and what they become if they can be mended. */
import { v, type ValidatorJSON } from "convex/values";
import { withoutFixed } from "../auth/fixedSchema";
import { digest } from "../base/digest";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { find } from "../registry/entries";
import type { Tools } from "../registry/tools";
import type { Args } from "../run/arguments";
import type { Asked, Explained } from "../run/explain";
import { explain } from "./explain";
import { functionOf, type Modules, type RegisteredFunction } from "./functions";
import { unheld } from "./holds";
import { wrongIds, type IsId } from "./ids";
import { validatedSchema } from "./inputSchema";
import type { JsonSchema } from "./jsonSchema";
import { mend } from "./mend";

/** Returns a sentence for each fault of a tool's arguments, at most 10. */
type Check = (args: unknown) => string[];

/** @param schema - of the arguments to check, which may be some of those that the function takes. */
const checkOf =
  (schema: JsonSchema, fn: RegisteredFunction, isId: IsId): Check =>
  (args) => {
    const problems = explain(schema, args);
    if (problems.length > 0) return problems;
    const ids = wrongIds(JSON.parse(fn.exportArgs()) as ValidatorJSON, args, isId);
    return [
      ...unheld(args),
      ...ids.map((path) => `${path}: expected an id that another tool returned`),
    ].slice(0, 10);
  };

/** The schema of some arguments alone: the others are neither known nor required. */
const schemaOf = ({ properties = {} }: JsonSchema, names: readonly string[]): JsonSchema => ({
  type: "object",
  properties: Object.fromEntries(
    Object.entries(properties as object).filter(([name]) => names.includes(name)),
  ),
  additionalProperties: false,
});

/** Divides arguments into those that the key fixes and those of the client. */
const divide = (args: Args, names: readonly string[]): { fixed: Args; own: Args } => {
  const isFixed = ([name]: [string, unknown]) => names.includes(name);
  const all = Object.entries(args);
  return {
    fixed: Object.fromEntries(all.filter(isFixed)),
    own: Object.fromEntries(all.filter((one) => !isFixed(one))),
  };
};

const explained = (check: Check, mended: unknown, args: unknown): Explained => {
  const problems = check(args);
  if (problems.length === 0) return { problems };
  const left = check(mended);
  return left.length > 0 ? { problems: left } : { problems, mended: JSON.stringify(mended) };
};

const restore = ({ mended, ...rest }: Explained, fixed: Args): Explained =>
  mended === undefined
    ? rest
    : { ...rest, mended: JSON.stringify({ ...(JSON.parse(mended) as Args), ...fixed }) };

/**
 * The definition of the internal query that explains a tool's arguments, as JSON text, and tells whether its function is still the same. There are no problems if nothing is wrong or there
 * is no such tool. Arguments that the key fixes are known to nobody but the operator: only `unfit` speaks of them.
 *
 * @throws Error that names the tool if its function is missing or cannot be described.
 */
export const explaining = (tools: Tools, modules: Modules) => ({
  args: {
    tool: v.string(),
    arguments: v.string(),
    /** The names of those that the key fixes. */
    fixed: v.optional(v.array(v.string())),
  },
  returns: v.object({
    problems: v.array(v.string()),
    mended: v.optional(v.string()),
    definition: v.optional(v.string()),
    unfit: v.optional(v.array(v.string())),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { tool: name, arguments: text, fixed: names = [] }: Asked,
  ): Promise<Explained> => {
    const tool = find(tools, name);
    if (tool === undefined) return { problems: [] };
    const { fixed, own } = divide(JSON.parse(text) as Args, names);
    const isId: IsId = (table, id) => gateReader(ctx).normalizeId(table as never, id) !== null;
    const fn = functionOf(name, tool, modules);
    const whole = validatedSchema(name, tool, fn);
    const unfit = checkOf(schemaOf(whole, names), fn, isId)(fixed);
    const schema = withoutFixed(whole, fixed);
    const mended = tool.exactArguments === true ? own : mend(schema, own);
    const told = restore(explained(checkOf(schema, fn, isId), mended, own), fixed);
    const definition = await digest(JSON.parse(fn.exportArgs()));
    return { ...told, definition, ...(unfit.length > 0 && { unfit }) };
  },
});
