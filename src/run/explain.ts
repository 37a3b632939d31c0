/** Asks the catalog what is wrong with a tool's arguments. */
import type { FunctionArgs, FunctionReference } from "convex/server";

/** The catalog's query that says what is wrong with a tool's arguments, a sentence each; empty if nothing is. */
export type Explain = FunctionReference<
  "query",
  "internal",
  { tool: string; arguments: string },
  string[]
>;

/** Where it is: pass `internal`. */
export interface Explains {
  readonly catalog: { readonly explain: Explain };
}

/** What is wrong with a tool's arguments. Asked after a failure only: `attempt` says why. `args` is JSON text. */
export const explainWith = (
  ctx: { runQuery: (ref: Explain, args: FunctionArgs<Explain>) => Promise<string[]> },
  functions: Explains,
  name: string,
  args: string,
): Promise<string[]> => ctx.runQuery(functions.catalog.explain, { tool: name, arguments: args });
