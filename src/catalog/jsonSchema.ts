/** Convex validators as JSON Schema 2020-12. */
import { jsonToConvex, type JSONValue, type ValidatorJSON } from "convex/values";

/** Keyword → value. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** int64 and bytes have no JSON form that a client could send. */
const unsupported = (type: string): never => {
  const name = type === "bigint" ? "int64" : type;
  throw new Error(
    `v.${name}() has no JSON form: use v.number() or v.string() in a tool's arguments`,
  );
};

/** The schemas of int64 and bytes in results, which are encoded: see run/attempt.ts. */
const encoded: Readonly<Record<string, JsonSchema>> = {
  bigint: { type: "string", pattern: "^-?[0-9]+$" },
  bytes: { type: "string", contentEncoding: "base64" },
};

/** Any value. A schema without a word leaves a model to guess, and some clients take `{}` for a mistake. */
const anyValue: JsonSchema = { description: "Any JSON value." };

const typeOf = (value: unknown): string =>
  Number.isInteger(value) ? "integer" : value === null ? "null" : typeof value;

/** @param value - as the validator exports it: an int64 is an object there. */
const literal = (value: JSONValue, direction: Direction): JsonSchema => {
  const constant = jsonToConvex(value);
  if (typeof constant !== "bigint") return { type: typeOf(constant), const: constant };
  return direction === "result"
    ? { type: "string", const: constant.toString() }
    : unsupported("bigint");
};

/** Makes the schema of a union. Literals of one type are an enumeration, which more clients understand. */
export const union = (members: readonly JsonSchema[]): JsonSchema => {
  const [first] = members;
  if (first !== undefined && members.length === 1 && !("const" in first)) return first;
  return first !== undefined && members.every((one) => "const" in one && one.type === first.type)
    ? { type: first.type, enum: members.map((member) => member.const) }
    : { anyOf: members };
};

const object = (
  fields: Record<string, { fieldType: ValidatorJSON; optional: boolean }>,
  direction: Direction,
): JsonSchema => {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { optional }]) => !optional).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, { fieldType }]) => [name, toJsonSchema(fieldType, direction)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
};

/** Arguments come in as JSON. Results can also hold int64 and bytes, which are encoded on their way out. */
export type Direction = "arguments" | "result";

/**
 * Makes the schema of the values that a validator accepts.
 *
 * `v.id("orders")` is a string that says so: a model learns which result gives it.
 *
 * @throws Error for `v.int64()` and `v.bytes()` in arguments, and for unknown kinds.
 */
export const toJsonSchema = (validator: ValidatorJSON, direction: Direction): JsonSchema => {
  switch (validator.type) {
    case "null":
    case "number":
    case "boolean":
    case "string":
      return { type: validator.type };
    case "id":
      // No id is empty, so "" in place of nothing does not pass for one.
      return {
        ...{ type: "string", description: `id of ${validator.tableName}` },
        ...(direction === "arguments" ? { minLength: 1 } : {}),
      };
    case "any":
      return anyValue;
    case "literal":
      return literal(validator.value, direction);
    case "array":
      return { type: "array", items: toJsonSchema(validator.value, direction) };
    case "record":
      return {
        type: "object",
        additionalProperties: toJsonSchema(validator.values.fieldType, direction),
      };
    case "union":
      return union(validator.value.map((member) => toJsonSchema(member, direction)));
    case "object":
      return object(validator.value, direction);
    default:
      return (
        (direction === "result" ? encoded[validator.type] : undefined) ??
        unsupported(validator.type)
      );
  }
};
