/** Asks the catalog what is wrong with a tool's arguments. */
import { makeFunctionReference, type FunctionReference } from "convex/server";

/** The catalog's query. It returns a sentence per problem; none if nothing is wrong. */
type Explain = FunctionReference<"query", "public", { tool: string; arguments: string }, string[]>;

/** Runs the query: in the same transaction, or from an action. */
interface Asking {
  readonly runQuery: (ref: Explain, args: Explain["_args"]) => Promise<string[]>;
}

/**
 * Asks the catalog what is wrong with a tool's arguments. Call it only after a failure: `attempt` says why.
 *
 * @param dir - the folder of the glue.
 * @param tool - the name of the tool.
 * @param args - JSON text.
 * @returns a sentence per problem; none if nothing is wrong.
 */
export const explainWith = (
  tx: Asking,
  dir: string,
  tool: string,
  args: string,
): Promise<string[]> =>
  tx.runQuery(
    makeFunctionReference<"query", Explain["_args"], string[]>(`${dir}/catalog:explain`),
    { tool, arguments: args },
  );
