/** Runs the queries that the registries bind, for a caller who has been let in. */
import type { FunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import type { GateQuery } from "./dataModel";
import { explainWith, functionArgs, type Explains, type Filled } from "./execute";
import { inputValidator } from "./input/argument";
import type { Asked } from "./input/asked";
import { attempt, type Ended } from "./outcome";
import { principalValidator } from "./principal";
import { findResource, type Completer, type QueryRef } from "./resources";
import type { Surface, Target } from "./surface";
import type { ToolKind } from "./tools";
import { targetValidator } from "./validators";
import { find } from "./registry";

/** What to read: what a call names, or the values offered for one of its arguments. */
const readValidator = () =>
  v.object({
    target: targetValidator(),
    /** The argument to complete. */
    complete: v.optional(v.string()),
    /** As JSON text. */
    arguments: v.string(),
    principal: principalValidator(),
    /** For what may ask the client. */
    input: v.optional(inputValidator()),
  });

export type Read = Infer<ReturnType<typeof readValidator>>;

type Args = Readonly<Record<string, unknown>>;

interface Bound {
  readonly ref: QueryRef;
  readonly args: Args;
}

/** What the registries bind, whatever it is. */
interface Bindable {
  readonly ref: FunctionReference<ToolKind, "internal">;
  readonly principal?: boolean;
  readonly input?: boolean;
}

/** A query that a registry binds, with its arguments. */
const bound = (one: Bindable | undefined, args: Args, filled: Filled): Bound | undefined =>
  one && { ref: one.ref as QueryRef, args: functionArgs(one, args, filled) };

const completerOf = (
  { resources = {}, prompts = {} }: Surface,
  { kind, name }: Target,
  argument: string,
): Completer | undefined =>
  kind === "prompt"
    ? find(prompts, name)?.arguments?.[argument]?.complete
    : findResource(resources, name)?.resource.complete?.[argument];

/** The query behind what is to be read, with its arguments; undefined if there is none. */
export const findQuery = (
  surface: Surface,
  { target, complete, principal, input, ...read }: Read,
): Bound | undefined => {
  const filled = { principal, ...(input === undefined ? {} : { input }) };
  const args = JSON.parse(read.arguments) as Args;
  const { kind, name } = target;
  if (complete !== undefined) return bound(completerOf(surface, target, complete), args, filled);
  if (kind === "prompt") return bound(find(surface.prompts ?? {}, name), args, filled);
  if (kind === "tool") {
    const tool = find(surface.tools, name);
    return tool?.kind === "query" ? bound(tool, args, filled) : undefined;
  }
  const found = findResource(surface.resources ?? {}, name);
  return bound(found?.resource, found?.variables ?? {}, filled);
};

/** The definition of the internal query behind everything that is only read: `internalQuery(reading(surface, internal))`. */
export const reading = (surface: Surface, functions: Explains) => ({
  get args() {
    return readValidator().fields;
  },
  handler: async (ctx: Pick<GateQuery, "runQuery">, read: Read): Promise<Ended | Asked> => {
    const { kind, name } = read.target;
    return attempt(
      async () => {
        const query = findQuery(surface, read);
        if (query === undefined) throw new Error(`There is nothing to read at ${kind} ${name}`);
        return ctx.runQuery(query.ref, query.args);
      },
      kind === "tool"
        ? explainWith(ctx, functions, name, JSON.parse(read.arguments) as Args)
        : () => Promise.resolve([]),
    );
  },
});
