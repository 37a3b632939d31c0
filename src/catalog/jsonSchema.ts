/** Convex validators as JSON Schema 2020-12. */
import type { ValidatorJSON } from "convex/values";

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

const union = (members: readonly JsonSchema[]): JsonSchema => {
  const constants = members.map((member) => member.const);
  return constants.every((constant) => typeof constant === "string")
    ? { type: "string", enum: constants }
    : { anyOf: members };
};

const object = (
  fields: Record<string, { fieldType: ValidatorJSON; optional: boolean }>,
  direction: Direction,
): JsonSchema => {
  const entries = Object.entries(fields);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, { fieldType }]) => [name, toJsonSchema(fieldType, direction)]),
    ),
    required: entries.filter(([, { optional }]) => !optional).map(([name]) => name),
    additionalProperties: false,
  };
};

/** Arguments come in as JSON. Results can also hold int64 and bytes, which are encoded on their way out. */
export type Direction = "arguments" | "result";

/**
 * Makes the schema of the values that a validator accepts.
 *
 * Table names are left out: `v.id("orders")` is a string.
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
      return { type: "string" };
    case "any":
      return {};
    case "literal":
      return { const: validator.value };
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

const wrapped = (schema: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { result: schema },
  required: ["result"],
  additionalProperties: false,
});

const isObjectType = ({ type }: ValidatorJSON): boolean => type === "object" || type === "record";

const anyObject = (variants: readonly JsonSchema[]): JsonSchema => ({
  type: "object",
  anyOf: variants,
});

/**
 * Makes the schema of `structuredContent` from a function's return validator. An object is sent as it is, any other value as
 * `{ result }`.
 *
 * @returns undefined if the return value can be anything, or the validator is a union within a union.
 */
export const outputSchema = (returns: ValidatorJSON): JsonSchema | undefined => {
  if (returns.type === "any") return undefined;
  if (isObjectType(returns)) return toJsonSchema(returns, "result");
  const variants = returns.type === "union" ? returns.value : [returns];
  if (variants.some(({ type }) => type === "any" || type === "union")) return undefined;
  const objects = variants.filter(isObjectType).map((variant) => toJsonSchema(variant, "result"));
  const others = variants.filter((variant) => !isObjectType(variant));
  if (objects.length === 0) return wrapped(toJsonSchema(returns, "result"));
  if (others.length === 0) return anyObject(objects);
  return anyObject([...objects, wrapped(toJsonSchema({ type: "union", value: others }, "result"))]);
};

/** The schema of the `structuredContent` that `runningResult` in mcp/callResult.ts sends for a job that runs. */
export const runningSchema = {
  type: "object",
  description: "The call takes longer than one request may: it goes on as this job.",
  properties: { jobId: { type: "string" }, state: { const: "working" } },
  required: ["jobId", "state"],
  additionalProperties: false,
} as const;
