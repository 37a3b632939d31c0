/** The arguments of a bound function: the client's, and those that the server fills in. */
import { refuse } from "../base/refuse";
import type { InputArgument, JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";

export type Args = Readonly<Record<string, unknown>>;

/** What the server fills in, by the names of the arguments. */
export interface Filled {
  readonly principal: Principal;
  readonly job?: JobArgument | undefined;
  readonly input?: InputArgument | undefined;
}

/** Which of them a function declares. */
type Takes = { readonly [Name in keyof Filled]?: boolean };

/** Those that it declares. */
const declared = (tool: Takes, filled: Filled): Args =>
  Object.fromEntries(
    Object.entries(filled).filter(([name]) => tool[name as keyof Filled] === true),
  );

/**
 * The arguments the bound function gets: the client's, and the server's own.
 *
 * @throws ConvexError `invalid_arguments` if the client sent one of the server's: it is no argument of any tool.
 */
export const functionArgs = (tool: Takes, args: Args, filled: Filled): Args => {
  const own = declared(tool, filled);
  const sent = Object.keys(own).find((name) => Object.hasOwn(args, name));
  if (sent === undefined) return { ...args, ...own };
  return refuse("invalid_arguments", `${sent}: no such argument`);
};
