/** Asks the catalog what is wrong with a tool's arguments. */
import { makeFunctionReference, type FunctionReference } from "convex/server";

/** The catalog's query that says it, a sentence each; empty if nothing is wrong. */
type Explain = FunctionReference<"query", "public", { tool: string; arguments: string }, string[]>;

interface Ctx {
  readonly runQuery: (ref: Explain, args: Explain["_args"]) => Promise<string[]>;
}

/**
 * What is wrong with a tool's arguments. Asked after a failure only: `attempt` says why.
 *
 * @param dir - the folder of the glue.
 * @param args - JSON text.
 */
export const explainWith = (ctx: Ctx, dir: string, tool: string, args: string): Promise<string[]> =>
  ctx.runQuery(
    makeFunctionReference<"query", Explain["_args"], string[]>(`${dir}/catalog:explain`),
    { tool, arguments: args },
  );
