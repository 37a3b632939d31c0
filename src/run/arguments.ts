/** The arguments of a bound function: those of the client, and those that the server fills in. */
import { breaches, type Constraints } from "../auth/constraints";
import { refuse } from "../base/refuse";
import { filledIn, passesFor, type InputArgument, type JobArgument } from "../data/arguments";
import type { Principal } from "../data/principal";
import { paged } from "./paging";

export type Args = Readonly<Record<string, unknown>>;

/** Name of the argument → the value that the server fills in. */
export interface Filled {
  readonly principal: Principal;
  readonly job?: JobArgument | undefined;
  readonly input?: InputArgument | undefined;
}

/** Name of the argument → whether the bound function declares it. */
type Takes = { readonly [Name in keyof Filled]?: boolean } & {
  /** Whether it takes `paginationOpts`, for which clients send `cursor` and `limit`. */
  readonly paginated?: boolean;
};

/** Picks the values that the bound function declares an argument for. */
const declared = (tool: Takes, filled: Filled): Args =>
  Object.fromEntries(
    filledIn.filter((name) => tool[name] === true).map((name) => [name, filled[name]]),
  );

/**
 * Joins the client's arguments with those that the server fills in.
 *
 * @param tool - the entry of the registry. It says which arguments the bound function declares.
 * @param args - of the client, as sent or mended. Not checked here: Convex does that when the function runs.
 * @param constraints - of the caller's key on the tool. The gate has checked what was sent; this holds for all that runs.
 * @throws ConvexError `invalid_arguments` if the client sent an argument that the server fills in, or a value that could pass for one
 * that the line does not state: a function may trust an argument that its line has forgotten. `not_allowed` for arguments that break a
 * constraint. Error for a `cursor` or `limit` that does not fit, as Convex throws for other arguments.
 */
export const functionArgs = (
  tool: Takes,
  args: Args,
  filled: Filled,
  constraints: Constraints = {},
): Args => {
  const sent = filledIn.find(
    (name) => Object.hasOwn(args, name) && (tool[name] === true || passesFor(name, args[name])),
  );
  if (sent !== undefined) return refuse("invalid_arguments", `${sent}: no such argument`);
  const broken = breaches(args, constraints);
  if (broken.length > 0) return refuse("not_allowed", broken.join("\n"));
  return { ...(tool.paginated === true ? paged(args) : args), ...declared(tool, filled) };
};
