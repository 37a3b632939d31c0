/** Walks through two schemas of the same value: zod and the validator each know what the other does not. */
import type { JsonSchema } from "./jsonSchema";

/** Returns what becomes of one schema. Its inner schemas are joined afterwards. */
type Join = (schema: JsonSchema, twin: JsonSchema) => JsonSchema;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Both schemas list the members of a union in the order in which it was written. */
const joinMembers = (members: readonly JsonSchema[], twin: JsonSchema, join: Join): unknown => {
  const twins = (twin.anyOf ?? twin.oneOf) as readonly JsonSchema[] | undefined;
  return twins?.length === members.length
    ? members.map((one, index) => alongside(one, twins[index] ?? {}, join))
    : members;
};

const joinEach = (properties: JsonSchema, twins: JsonSchema, join: Join): JsonSchema =>
  Object.fromEntries(
    Object.entries(properties).map(([name, one]) => {
      const twin = Object.hasOwn(twins, name) ? twins[name] : undefined;
      return [name, isSchema(one) && isSchema(twin) ? alongside(one, twin, join) : one];
    }),
  );

const joinInner = (keyword: string, inner: unknown, twin: JsonSchema, join: Join): unknown => {
  if (keyword === "anyOf" || keyword === "oneOf")
    return joinMembers(inner as readonly JsonSchema[], twin, join);
  const other = twin[keyword];
  if (!isSchema(inner) || !isSchema(other)) return inner;
  if (keyword === "properties") return joinEach(inner, other, join);
  return keyword === "items" || keyword === "additionalProperties"
    ? alongside(inner, other, join)
    : inner;
};

const alongside = (schema: JsonSchema, twin: JsonSchema, join: Join): JsonSchema =>
  Object.fromEntries(
    Object.entries(join(schema, twin)).map(([keyword, inner]) => [
      keyword,
      joinInner(keyword, inner, twin, join),
    ]),
  );

const STATEMENTS = ["type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref", "not"];

/**
 * Fills in what zod cannot express, such as an id.
 *
 * @param schema - by zod.
 * @param twin - by the validator.
 */
export const withTypes = (schema: JsonSchema, twin: JsonSchema): JsonSchema =>
  alongside(schema, twin, (one, other) =>
    STATEMENTS.some((keyword) => keyword in one) ? one : { ...other, ...one },
  );

/**
 * Says `integer` where zod does. A validator has only `v.number()`.
 *
 * @param schema - by the validator.
 * @param twin - by zod.
 */
export const withIntegers = (schema: JsonSchema, twin: JsonSchema): JsonSchema =>
  alongside(schema, twin, (one, other) =>
    one.type === "number" && other.type === "integer" ? { ...one, type: "integer" } : one,
  );

/** Writes `type: ["integer", "null"]` as a union of two schemas: some clients know a `type` of one name only. */
export const withSingleTypes = (schema: JsonSchema): JsonSchema =>
  alongside(schema, schema, (one) => {
    const { type, ...rest } = one;
    return Array.isArray(type)
      ? { anyOf: type.map((name) => ({ type: name as string })), ...rest }
      : one;
  });
