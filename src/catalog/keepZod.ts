/** Keeps a function's zod schema for the catalog, because convex-helpers turns it into a validator and drops the rest. */
import type { z } from "zod";

const zodArguments = Symbol.for("toolgate.zodArguments");

/** Argument → its zod schema. The type does not name zod, so that an app without zod, or with another version, can compile. */
type ZodShape = Readonly<Record<string, object>>;

/** A function that carries its zod arguments. */
interface ZodFunction {
  readonly [zodArguments]: ZodShape;
}

/**
 * Wraps a builder of convex-helpers (`zCustomQuery`, `zCustomMutation`, `zCustomAction`), so that descriptions, ranges and formats of
 * its zod arguments reach the tool's `inputSchema`.
 *
 * @param builder - the return value of `zCustom…(internal…, customization)`.
 * @returns a builder of the same type. It throws an Error if a function declares no `args`, because Convex would then validate nothing.
 */
export const keepZod = <Builder extends (definition: never) => object>(builder: Builder): Builder =>
  ((definition: { args?: z.core.$ZodShape | z.ZodObject }) => {
    const { args } = definition;
    if (args === undefined) throw new Error("Declare `args`, even if it is `{}`.");
    const shape = "_zod" in args ? (args as z.ZodObject).shape : args;
    return Object.assign(builder(definition as never), { [zodArguments]: shape });
  }) as unknown as Builder;

/** Returns the zod arguments of a function that was built through `keepZod`; undefined for any other function. */
export const zodShapeOf = (fn: object): ZodShape | undefined =>
  (fn as Partial<ZodFunction>)[zodArguments];
