/** For functions whose validators cannot say what they take: an `inputSchema` stated word for word. */
import type { JsonSchema } from "./jsonSchema";

const ownSchema = Symbol.for("toolgate.inputSchema");

/**
 * Gives a function a schema that its tool shows as it stands, whatever JSON Schema 2020-12 can say. Only headers that the tool's line
 * states are added.
 *
 * What the function accepts is still for its own validators. Nothing is added, so a tool that writes shows no `idempotencyKey`
 * unless the schema has one; the key is taken all the same. Whether the schema and the validators agree is not checked.
 *
 * @param schema - `type: "object"`, or the catalog refuses it.
 * @returns the same function.
 */
export const withInputSchema = <Fn extends object>(schema: JsonSchema, fn: Fn): Fn =>
  Object.assign(fn, { [ownSchema]: schema });

/** The schema that a function was given; undefined if it was given none. */
export const ownSchemaOf = (fn: object): JsonSchema | undefined =>
  (fn as { readonly [ownSchema]?: JsonSchema })[ownSchema];
