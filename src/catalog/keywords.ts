/** Adds the keywords of fields to the schema that their validators make: see fields/field.ts. */
import type { GenericValidator, Validator } from "convex/values";
import { keywordsOf, type AnyKeywords } from "../fields/field";
import type { JsonSchema } from "./jsonSchema";

/** What a schema can say of them. */
const shownOf = ({ check: _check, trim: _trim, ...keywords }: AnyKeywords): JsonSchema => ({
  ...keywords,
});

/** What is stated of a field as it is made follows its type; what is stated of it later comes first. */
const withOwn = (schema: JsonSchema, validator: object): JsonSchema =>
  keywordsOf(validator)
    .map(shownOf)
    .reduce((soFar, one, at) => ({ ...(at === 0 ? {} : one), ...soFar, ...one }), schema);

const withMembers = (schema: JsonSchema, members: readonly GenericValidator[]): JsonSchema => {
  const [only] = members;
  if (only !== undefined && members.length === 1) return withKeywords(schema, only);
  const anyOf = schema.anyOf as readonly JsonSchema[] | undefined;
  // A union of literals is an enumeration, and its members have no keywords.
  if (anyOf === undefined) return schema;
  return { ...schema, anyOf: anyOf.map((one, at) => withKeywords(one, members[at] ?? {})) };
};

const withFields = (
  properties: Readonly<Record<string, JsonSchema>>,
  fields: Readonly<Record<string, object>>,
): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, withKeywords(one, fields[name] ?? {})]),
  );

const withInner = (
  schema: JsonSchema,
  validator: Validator<unknown, "required" | "optional", string>,
): JsonSchema => {
  const inner = (keyword: string, of: object) => ({
    ...schema,
    [keyword]: withKeywords(schema[keyword] as JsonSchema, of),
  });
  switch (validator.kind) {
    case "object":
      return {
        ...schema,
        properties: withFields(schema.properties as never, validator.fields as never),
      };
    case "array":
      return inner("items", validator.element as object);
    case "record":
      return inner("additionalProperties", validator.value as object);
    case "union":
      return withMembers(schema, validator.members);
    default:
      return schema;
  }
};

/**
 * Adds the keywords of a validator and of all that it holds.
 *
 * @param schema - as `toJsonSchema` makes it of the same validator.
 */
export const withKeywords = (schema: JsonSchema, validator: object): JsonSchema =>
  withOwn(withInner(schema, validator as never), validator);
