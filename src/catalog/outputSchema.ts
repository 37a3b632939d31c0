/** Makes a tool's `outputSchema` from the validator of its function's result. */
import type { ValidatorJSON } from "convex/values";
import { withIntegers } from "./alongside";
import { merged } from "./merged";
import { toJsonSchema, union, type JsonSchema } from "./jsonSchema";

const wrapped = (schema: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { result: schema },
  required: ["result"],
  additionalProperties: false,
});

const isObjectType = ({ type }: ValidatorJSON): boolean => type === "object" || type === "record";

/** Makes the schema of each variant. The other schema of the result tells them in the same order. */
const schemasOf = (
  variants: readonly ValidatorJSON[],
  { anyOf, ...whole }: JsonSchema,
): JsonSchema[] => {
  const twins = (anyOf ?? [whole]) as readonly JsonSchema[];
  return variants.map((variant, index) =>
    withIntegers(toJsonSchema(variant, "result"), twins[index] ?? {}),
  );
};

/** The result of a union: an object variant is sent as it is, and the others are wrapped. */
const unionSchema = (
  variants: readonly ValidatorJSON[],
  schemas: readonly JsonSchema[],
): JsonSchema => {
  const isObject = variants.map(isObjectType);
  const objects = schemas.filter((_, index) => isObject[index]);
  const others = schemas.filter((_, index) => !isObject[index]);
  if (objects.length === 0) return wrapped(union(others));
  return merged(others.length === 0 ? objects : [...objects, wrapped(union(others))]);
};

/**
 * Makes the schema of `structuredContent` from a function's return validator. An object is sent as it is, any other value as
 * `{ result }`.
 *
 * @param twin - another schema of the result, which knows integers: of zod, or with the keywords of fields.
 * @returns undefined if the return value can be anything, or the validator is a union within a union.
 */
export const outputSchema = (returns: ValidatorJSON, twin: JsonSchema): JsonSchema | undefined => {
  if (returns.type === "any") return undefined;
  if (returns.type !== "union") {
    const schema = withIntegers(toJsonSchema(returns, "result"), twin);
    return isObjectType(returns) ? schema : wrapped(schema);
  }
  const variants = returns.value;
  if (variants.some(({ type }) => type === "any" || type === "union")) return undefined;
  return unionSchema(variants, schemasOf(variants, twin));
};

/** How a call goes on as a job that its answer names: it runs, or waits until somebody approves it. */
export type GoingOn = "working" | "awaiting_approval";

/** The schema of the `structuredContent` of an answer without a result: see mcp/callResult.ts and mcp/waiting/heldCall.ts. */
const jobSchema = (states: readonly GoingOn[]): JsonSchema => ({
  type: "object",
  properties: {
    jobId: { type: "string" },
    state: {
      type: "string",
      enum: states,
      description: "Only while there is no result: then with jobId and next alone.",
    },
    next: { type: "string" },
  },
  required: ["jobId", "state", "next"],
  additionalProperties: false,
});

/** The schema of an answer that is the result, or the job that is named in its place. That is told by `state`. */
export const orJob = (schema: JsonSchema, states: readonly GoingOn[]): JsonSchema =>
  states.length === 0 ? schema : merged([schema, jobSchema(states)]);
