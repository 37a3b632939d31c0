/** Runs the queries that the registries bind, for a caller who has been let in. */
import { v, type Infer } from "convex/values";
import type { GateQuery } from "./dataModel";
import { explainWith, functionArgs, type Explain } from "./execute";
import { attempt, type Ended } from "./outcome";
import { principalValidator, type Principal } from "./principal";
import { findPrompt } from "./prompts";
import { findResource, type Completer, type QueryRef } from "./resources";
import { targetValidator, type Surface, type Target } from "./surface";
import { findTool } from "./tools";

/** What to read: what a call names, or the values offered for one of its arguments. */
const readValidator = v.object({
  target: targetValidator,
  /** The argument to complete. */
  complete: v.optional(v.string()),
  /** As JSON text. */
  arguments: v.string(),
  principal: principalValidator,
});

export type Read = Infer<typeof readValidator>;

type Args = Readonly<Record<string, unknown>>;

interface Bound {
  readonly ref: QueryRef;
  readonly args: Args;
}

/** A query that a registry binds, with its arguments. */
const bound = (
  one: { readonly ref: QueryRef; readonly principal: boolean } | undefined,
  args: Args,
  principal: Principal,
): Bound | undefined =>
  one && { ref: one.ref, args: one.principal ? { ...args, principal } : args };

const completerOf = (
  { resources = {}, prompts = {} }: Surface,
  { kind, name }: Target,
  argument: string,
): Completer | undefined =>
  kind === "prompt"
    ? findPrompt(prompts, name)?.arguments?.[argument]?.complete
    : findResource(resources, name)?.resource.complete?.[argument];

const find = (surface: Surface, { target, complete, principal, ...read }: Read) => {
  const args = JSON.parse(read.arguments) as Args;
  const { kind, name } = target;
  if (complete !== undefined) return bound(completerOf(surface, target, complete), args, principal);
  if (kind === "prompt") return bound(findPrompt(surface.prompts ?? {}, name), args, principal);
  if (kind === "tool") {
    const tool = findTool(surface.tools, name);
    return tool?.kind === "query"
      ? { ref: tool.ref as QueryRef, args: functionArgs(tool, args, principal) }
      : undefined;
  }
  const found = findResource(surface.resources ?? {}, name);
  return bound(found?.resource, found?.variables ?? {}, principal);
};

/** The definition of the internal query behind everything that is only read: `internalQuery(reading(surface, explain))`. */
export const reading = (surface: Surface, explain: Explain) => ({
  args: readValidator.fields,
  handler: async (ctx: Pick<GateQuery, "runQuery">, read: Read): Promise<Ended> => {
    const { kind, name } = read.target;
    return attempt(
      async () => {
        const query = find(surface, read);
        if (query === undefined) throw new Error(`There is nothing to read at ${kind} ${name}`);
        return ctx.runQuery(query.ref, query.args);
      },
      kind === "tool"
        ? explainWith(ctx, explain, name, JSON.parse(read.arguments) as Args)
        : () => Promise.resolve([]),
    );
  },
});
