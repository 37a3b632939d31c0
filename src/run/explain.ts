/** Asks the catalog what is wrong with a tool's arguments. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import type { Tool } from "../registry/tools";

/** What the catalog says of arguments. A type and not an interface, because Convex accepts no interface as a result. */
export type Explained = {
  /** A sentence per problem; none if nothing is wrong. */
  readonly problems: string[];
  /** The arguments as they were meant, as JSON text; absent if that is not beyond doubt. */
  readonly mended?: string;
  /** A digest of the validator of the function's arguments; absent if there is no such tool. */
  readonly definition?: string;
  /** A sentence per fixed argument that the tool does not take; absent if it takes all of them. */
  readonly unfit?: string[];
};

/** Nothing is wrong, as far as anybody can tell. */
export const UNEXPLAINED: Explained = { problems: [] };

/** The call whose arguments are explained. */
export type Asked = { tool: string; arguments: string; fixed?: string[] };

/** Runs the query: in the same transaction, or from an action. */
interface Asking {
  readonly runQuery: (
    ref: FunctionReference<"query", "public", Asked, Explained>,
    args: Asked,
  ) => Promise<Explained>;
}

/**
 * Asks the catalog what is wrong with a tool's arguments. Call it only after a failure: `attempt` says why.
 *
 * @param dir - the folder of the glue.
 * @param tool - the name of the tool.
 * @param args - JSON text.
 * @param fixed - the names of those that the key fixes: problems do not speak of them.
 */
export const explainWith = (
  tx: Asking,
  dir: string,
  tool: string,
  args: string,
  fixed: readonly string[] = [],
): Promise<Explained> =>
  tx.runQuery(makeFunctionReference<"query", Asked, Explained>(`${dir}/catalog:explain`), {
    tool,
    arguments: args,
    ...(fixed.length > 0 && { fixed: [...fixed] }),
  });

/**
 * What is told of arguments to one who runs a tool. A tool whose line has a rule about approval runs with the arguments that the rule was
 * asked about, so they are not mended any more: the rule might have said something else of what they become.
 */
export const asAsked =
  (tool: Pick<Tool, "approval"> | undefined) =>
  ({ mended, ...explained }: Explained): Explained =>
    tool?.approval !== undefined || mended === undefined ? explained : { ...explained, mended };
