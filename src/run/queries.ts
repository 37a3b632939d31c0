/** The queries that the registries bind: behind tools, prompts, resources, and the values offered for an argument. */
import type { FunctionReference, FunctionVisibility } from "convex/server";
import type { Target } from "../data/call";
import { find } from "../registry/entries";
import { findResource, type Completer, type QueryRef } from "../registry/resources";
import type { Registry } from "../registry/registry";
import type { ToolKind } from "../registry/tools";
import { functionArgs, type Args, type Filled } from "./arguments";

/** What to read: what a call names, or the values offered for one of its arguments. */
export interface Wanted {
  readonly target: Target;
  readonly args: Args;
  /** The argument to complete. */
  readonly complete?: string | undefined;
}

interface Bound {
  readonly ref: QueryRef;
  readonly args: Args;
}

/** What the registries bind, whatever it is. */
interface Bindable {
  readonly ref: FunctionReference<ToolKind, FunctionVisibility>;
  readonly principal?: boolean;
  readonly input?: boolean;
}

/** A query that a registry binds, with its arguments. */
const bound = (one: Bindable | undefined, args: Args, filled: Filled): Bound | undefined =>
  one && { ref: one.ref as QueryRef, args: functionArgs(one, args, filled) };

const completerOf = (
  { resources = {}, prompts = {} }: Registry,
  { kind, name }: Target,
  argument: string,
): Completer | undefined =>
  kind === "prompt"
    ? find(prompts, name)?.arguments?.[argument]?.complete
    : findResource(resources, name)?.resource.complete?.[argument];

/**
 * The query behind what is to be read, with its arguments; undefined if there is none.
 *
 * @throws ConvexError `invalid_arguments` if the client sent an argument that is the server's.
 */
export const findQuery = (
  registry: Registry,
  { target, args, complete }: Wanted,
  filled: Filled,
): Bound | undefined => {
  const { kind, name } = target;
  if (complete !== undefined) return bound(completerOf(registry, target, complete), args, filled);
  if (kind === "prompt") return bound(find(registry.prompts ?? {}, name), args, filled);
  if (kind === "tool") {
    const tool = find(registry.tools, name);
    return tool?.kind === "query" ? bound(tool, args, filled) : undefined;
  }
  const found = findResource(registry.resources ?? {}, name);
  return bound(found?.resource, found?.variables ?? {}, filled);
};
