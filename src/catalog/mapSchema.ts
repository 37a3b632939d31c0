/** Walks through a schema and all schemas inside it (JSON Schema 2020-12, sections 10 and 11). */
import type { JsonSchema } from "./jsonSchema";

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keywords that hold schemas by names of the author's own, such as those of properties. */
const NAMED: ReadonlySet<string> = new Set([
  ...["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"],
]);

/** The keywords that hold one schema, or a list of them. */
const PLAIN: ReadonlySet<string> = new Set([
  ...["items", "prefixItems", "contains", "additionalProperties", "propertyNames"],
  ...["anyOf", "oneOf", "allOf", "not", "if", "then", "else"],
  ...["unevaluatedItems", "unevaluatedProperties"],
]);

const mapInner = (
  keyword: string,
  inner: unknown,
  change: (schema: JsonSchema) => JsonSchema,
): unknown => {
  const mapped = (one: unknown) => (isSchema(one) ? mapSchema(one, change) : one);
  if (NAMED.has(keyword) && isSchema(inner))
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, mapped(one)]));
  if (!PLAIN.has(keyword)) return inner;
  return Array.isArray(inner) ? inner.map(mapped) : mapped(inner);
};

/** Changes a schema and each schema inside it. What only looks like a schema, such as a default or a constant, stays as it is. */
export const mapSchema = (
  schema: JsonSchema,
  change: (schema: JsonSchema) => JsonSchema,
): JsonSchema =>
  Object.fromEntries(
    Object.entries(change(schema)).map(([keyword, inner]) => [
      keyword,
      mapInner(keyword, inner, change),
    ]),
  );

/** All schemas in a schema, itself first. */
export const schemasIn = (schema: JsonSchema): JsonSchema[] => {
  const found: JsonSchema[] = [];
  mapSchema(schema, (one) => {
    found.push(one);
    return one;
  });
  return found;
};
