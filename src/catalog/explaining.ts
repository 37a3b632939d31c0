/** The query that says what is wrong with the arguments of a call, and what they become if they can be mended. */
import { v, type ValidatorJSON } from "convex/values";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { find } from "../registry/entries";
import type { Tool, Tools } from "../registry/tools";
import type { Explained } from "../run/explain";
import { explain } from "./explain";
import { functionOf, type Modules } from "./functions";
import { unheld } from "./holds";
import { wrongIds, type IsId } from "./ids";
import { validatedSchema } from "./inputSchema";
import { mend } from "./mend";

/** Returns a sentence for each fault of a tool's arguments, at most 10. */
type Check = (args: unknown) => string[];

const checkOf =
  (name: string, tool: Tool, modules: Modules, isId: IsId): Check =>
  (args) => {
    const fn = functionOf(name, tool, modules);
    const problems = explain(validatedSchema(name, tool, fn), args);
    if (problems.length > 0) return problems;
    const ids = wrongIds(JSON.parse(fn.exportArgs()) as ValidatorJSON, args, isId);
    return [
      ...unheld(args),
      ...ids.map((path) => `${path}: expected an id that another tool returned`),
    ].slice(0, 10);
  };

const explained = (check: Check, mended: unknown, args: unknown): Explained => {
  const problems = check(args);
  if (problems.length === 0) return { problems };
  const left = check(mended);
  return left.length > 0 ? { problems: left } : { problems, mended: JSON.stringify(mended) };
};

/**
 * The definition of the internal query that explains a tool's arguments, as JSON text. There are no problems if nothing is wrong or there
 * is no such tool.
 *
 * @throws Error that names the tool if its function is missing or cannot be described.
 */
export const explaining = (tools: Tools, modules: Modules) => ({
  args: { tool: v.string(), arguments: v.string() },
  returns: v.object({ problems: v.array(v.string()), mended: v.optional(v.string()) }),
  handler: <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { tool: name, arguments: text }: { tool: string; arguments: string },
  ): Explained => {
    const tool = find(tools, name);
    if (tool === undefined) return { problems: [] };
    const args = JSON.parse(text) as unknown;
    const isId: IsId = (table, id) => gateReader(ctx).normalizeId(table as never, id) !== null;
    const schema = validatedSchema(name, tool, functionOf(name, tool, modules));
    const mended = tool.exactArguments === true ? args : mend(schema, args);
    return explained(checkOf(name, tool, modules, isId), mended, args);
  },
});
