/** Lets the catalog see the zod schema a function was built with: convex-helpers turns it into a validator and drops the rest. */
import type { z } from "zod";

const zodArguments = Symbol.for("toolgate.zodArguments");

/** Argument → its zod schema. Not typed by zod, so that an app without it, or with another, can read the declarations. */
type ZodShape = Readonly<Record<string, object>>;

/** A function that remembers its zod arguments. */
interface ZodFunction {
  readonly [zodArguments]: ZodShape;
}

/**
 * Wraps a builder of convex-helpers (`zCustomQuery`, `zCustomMutation`, `zCustomAction`) so that descriptions, ranges and
 * formats of its zod arguments reach the tool's `inputSchema`.
 *
 * @param builder - what `zCustom…(internal…, customization)` returned.
 * @returns the same builder. It throws if a function declares no `args`: without them Convex would validate nothing.
 */
export const keepZod = <Builder extends (definition: never) => object>(builder: Builder): Builder =>
  ((definition: { args?: z.core.$ZodShape | z.ZodObject }) => {
    const { args } = definition;
    if (args === undefined) throw new Error("Declare `args`, even if it is `{}`.");
    const shape = "_zod" in args ? (args as z.ZodObject).shape : args;
    return Object.assign(builder(definition as never), { [zodArguments]: shape });
  }) as unknown as Builder;

/** The zod shape of a function built through `keepZod`, or undefined. */
export const zodShapeOf = (fn: object): ZodShape | undefined =>
  (fn as Partial<ZodFunction>)[zodArguments];
