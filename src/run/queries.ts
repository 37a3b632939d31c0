/** Finds the queries that the registry binds: for tools, prompts, resources, and the completion of an argument. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import type { Target } from "../data/call";
import { find } from "../registry/entries";
import { findResource, type Completer, type QueryRef } from "../registry/resources";
import type { Registry } from "../registry/registry";
import type { ToolKind } from "../registry/tools";
import type { Constraints } from "../auth/constraints";
import { functionArgs, type Args, type Filled } from "./arguments";
import { aboutCursor } from "./paging";

/** A read: an entry with its arguments, or the completion of one argument. */
export interface Wanted {
  readonly target: Target;
  readonly args: Args;
  /** The name of the argument to complete. */
  readonly complete?: string | undefined;
  /** The key's constraints on the tool. */
  readonly constraints?: Constraints | undefined;
}

interface Bound {
  readonly ref: QueryRef;
  readonly args: Args;
  /** Of a query that takes pages: throws its error, explained if it is about the cursor that the client sent. */
  readonly explain: ((error: unknown) => never) | undefined;
}

/** The part that all bound functions of the registry share. */
interface Bindable {
  readonly ref: FunctionReference<ToolKind, FunctionVisibility>;
  readonly principal?: boolean;
  readonly input?: boolean;
  readonly paginated?: boolean;
}

/** Joins a bound query with its arguments. */
const bound = (
  one: Bindable | undefined,
  args: Args,
  filled: Filled,
  constraints?: Constraints,
): Bound | undefined =>
  one && {
    ref: one.ref as QueryRef,
    args: functionArgs(one, args, filled, constraints),
    explain: one.paginated === true ? aboutCursor(one, args) : undefined,
  };

/** Looks up a member by a name that a client sent. */
const own = <T>(members: Readonly<Record<string, T>> = {}, name: string): T | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined;

const completerOf = (
  { resources = {}, prompts = {} }: Registry,
  { kind, name }: Target,
  argument: string,
): Completer | undefined =>
  kind === "prompt"
    ? own(find(prompts, name)?.arguments, argument)?.complete
    : own(findResource(resources, name)?.resource.complete, argument);

/**
 * Finds the query behind a read, with its arguments. Whether the caller may read is not checked.
 *
 * @returns undefined if there is no such entry, no completion for the argument, or the tool is not a query.
 * @throws ConvexError `invalid_arguments` if the client sent an argument that the server fills in, `not_allowed` for arguments that break
 * a constraint.
 */
export const findQuery = (
  registry: Registry,
  { target, args, complete, constraints }: Wanted,
  filled: Filled,
): Bound | undefined => {
  const { kind, name } = target;
  if (complete !== undefined) return bound(completerOf(registry, target, complete), args, filled);
  if (kind === "prompt") return bound(find(registry.prompts ?? {}, name), args, filled);
  if (kind === "tool") {
    const tool = find(registry.tools, name);
    return tool?.kind === "query" ? bound(tool, args, filled, constraints) : undefined;
  }
  const found = findResource(registry.resources ?? {}, name);
  return bound(found?.resource, found?.variables ?? {}, filled);
};
