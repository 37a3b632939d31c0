/** Keeps a function's zod schema for the catalog, because convex-helpers turns it into a validator and drops the rest. */
import type { z } from "zod";

const zodArguments = Symbol.for("toolgate.zodArguments");
const zodReturns = Symbol.for("toolgate.zodReturns");

/** Argument → its zod schema. The type does not name zod, so that an app without zod, or with another version, can compile. */
type ZodShape = Readonly<Record<string, object>>;

/** A function that carries its zod schemas. */
interface ZodFunction {
  readonly [zodArguments]: ZodShape;
  readonly [zodReturns]: object | undefined;
}

interface Definition {
  readonly args?: z.core.$ZodShape | z.ZodObject;
  readonly returns?: z.core.$ZodShape | z.ZodType;
}

/** The schema of a result, of zod 3 or 4, or those in the shape of an object. */
const schemasIn = (returns: object = {}): readonly object[] =>
  "_zod" in returns || "_def" in returns ? [returns] : (Object.values(returns) as object[]);

/**
 * Wraps a builder of convex-helpers (`zCustomQuery`, `zCustomMutation`, `zCustomAction`), so that descriptions, ranges and formats of
 * its zod arguments reach the tool's `inputSchema`, and the integers of its results the `outputSchema`.
 *
 * @param builder - the return value of `zCustom…(internal…, customization)`.
 * @returns a builder of the same type. It throws an Error if a function declares no `args`, because Convex would then validate nothing.
 */
export const keepZod = <Builder extends (definition: never) => object>(builder: Builder): Builder =>
  ((definition: Definition) => {
    const { args, returns } = definition;
    if (args === undefined) throw new Error("Declare `args`, even if it is `{}`.");
    const shape: ZodShape = "_zod" in args ? (args as z.ZodObject).shape : args;
    // zod 3 cannot say its schemas in JSON. Then the validators do, without descriptions and ranges.
    const schemas = [...Object.values(shape), ...schemasIn(returns)];
    const isKept = schemas.every((schema) => "_zod" in schema);
    const kept = isKept ? { [zodArguments]: shape, [zodReturns]: returns } : {};
    return Object.assign(builder(definition as never), kept);
  }) as unknown as Builder;

/** Gives a function the zod schemas of its arguments, beside the validators that it has. */
export const withZod = <Fn extends object>(shape: ZodShape, fn: Fn): Fn =>
  Object.assign(fn, { [zodArguments]: shape });

/** Returns the zod arguments of a function that was built through `keepZod` or `withZod`; undefined for any other function. */
export const zodShapeOf = (fn: object): ZodShape | undefined =>
  (fn as Partial<ZodFunction>)[zodArguments];

/** Returns the zod schema of the function's result, or the shape of that object; undefined if it has none. */
export const zodReturnsOf = (fn: object): object | undefined =>
  (fn as Partial<ZodFunction>)[zodReturns];
