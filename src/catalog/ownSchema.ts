/** An `inputSchema` written by hand, for functions whose validators cannot express their arguments. */
import type { JsonSchema } from "./jsonSchema";

const ownSchema = Symbol.for("toolgate.inputSchema");

/**
 * Gives a function a JSON Schema 2020-12 that its tool shows as it is. Only the headers that the tool's entry states are added, and
 * patterns that look ahead or behind are left out, which some clients refuse.
 *
 * The function's own validators still decide which arguments it accepts. Whether the schema agrees with them is not checked. A tool that
 * writes shows `idempotencyKey` only if the schema has it, but accepts the key in any case.
 *
 * @param schema - must have `type: "object"`. The catalog refuses any other.
 * @returns the same function.
 */
export const withInputSchema = <Fn extends object>(schema: JsonSchema, fn: Fn): Fn =>
  Object.assign(fn, { [ownSchema]: schema });

/** Returns the schema that `withInputSchema` gave a function; undefined if it has none. */
export const ownSchemaOf = (fn: object): JsonSchema | undefined =>
  (fn as { readonly [ownSchema]?: JsonSchema })[ownSchema];
