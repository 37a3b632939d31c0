/** zod schemas as JSON Schema 2020-12. */
import { z } from "zod";
import { withSingleTypes } from "./alongside";
import type { JsonSchema } from "./jsonSchema";

/** Closes objects, because Convex refuses unknown members at every level. Removes the range that zod gives any integer. */
const tighten = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.type === "object" && jsonSchema.properties !== undefined)
    jsonSchema.additionalProperties = false;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};

/**
 * Makes the schema of what a zod schema takes in, or of what it gives out. What zod cannot express, such as an id, becomes a schema
 * without a type.
 */
export const zodSchema = (schema: z.core.$ZodType, io: "input" | "output"): JsonSchema => {
  // `$schema` names the dialect, which every schema of a tool has in common (MCP 2025-11-25).
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: tighten,
  });
  return withSingleTypes(plain);
};

/** Makes a schema of the shape of an object. A schema stays as it is. */
export const objectOf = (schema: object): z.core.$ZodType =>
  "_zod" in schema ? (schema as z.core.$ZodType) : z.strictObject(schema as z.core.$ZodShape);
