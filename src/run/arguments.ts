/** The arguments of a bound function: those of the client, and those that the server fills in. */
import { refuse } from "../base/refuse";
import { filledIn, type InputArgument, type JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";

export type Args = Readonly<Record<string, unknown>>;

/** Name of the argument → the value that the server fills in. */
export interface Filled {
  readonly principal: Principal;
  readonly job?: JobArgument | undefined;
  readonly input?: InputArgument | undefined;
}

/** Name of the argument → whether the bound function declares it. */
type Takes = { readonly [Name in keyof Filled]?: boolean };

/** Picks the values that the bound function declares an argument for. */
const declared = (tool: Takes, filled: Filled): Args =>
  Object.fromEntries(
    filledIn.filter((name) => tool[name] === true).map((name) => [name, filled[name]]),
  );

/**
 * Joins the client's arguments with those that the server fills in.
 *
 * @param tool - the entry of the registry. It says which arguments the bound function declares.
 * @param args - of the client. Not checked here: Convex does that when the function runs.
 * @throws ConvexError `invalid_arguments` if the client sent an argument that the server fills in, even if the line does not state it:
 * a function may trust an argument that its line has forgotten.
 */
export const functionArgs = (tool: Takes, args: Args, filled: Filled): Args => {
  const sent = filledIn.find((name) => Object.hasOwn(args, name));
  if (sent === undefined) return { ...args, ...declared(tool, filled) };
  return refuse("invalid_arguments", `${sent}: no such argument`);
};
