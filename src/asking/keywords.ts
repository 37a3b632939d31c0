/** The keywords by which a form limits an answer. One that nobody checks is refused: else a tool would take for granted what no user said. */
import type { GenericValidator } from "convex/values";
import { field } from "../fields/field";

export type Schema = Readonly<Record<string, unknown>>;

/** Limits that are checked, and the type that each must have. `field` checks the first eight. */
const LIMITS: Readonly<Record<string, string>> = {
  ...{ minLength: "number", maxLength: "number", pattern: "string", format: "string" },
  ...{ minimum: "number", maximum: "number", minItems: "number", maxItems: "number" },
  ...{ exclusiveMinimum: "number", exclusiveMaximum: "number", multipleOf: "number" },
  uniqueItems: "boolean",
};

/** Keywords that only tell of a field. `enumNames` is from MCP. */
const ANNOTATIONS: readonly string[] = [
  ...["$schema", "$id", "$comment", "title", "description", "default", "examples"],
  ...["deprecated", "readOnly", "writeOnly", "enumNames"],
];

const isRegExp = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
};

/**
 * @param where - what the error names.
 * @param structure - keywords that the caller reads itself.
 * @throws Error for any keyword that would not be checked, or whose pattern is none.
 */
export const requireKnown = (where: string, schema: Schema, structure: readonly string[]): void => {
  for (const [keyword, value] of Object.entries(schema)) {
    const isKnown = ANNOTATIONS.includes(keyword) || structure.includes(keyword);
    if (value !== undefined && !isKnown && typeof value !== LIMITS[keyword])
      throw new Error(`${where}: no answer is checked for "${keyword}": ${JSON.stringify(value)}`);
  }
  if (typeof schema.pattern === "string" && !isRegExp(schema.pattern))
    throw new Error(`${where}: the pattern "${schema.pattern}" is no regular expression`);
};

/** JavaScript's fractions are not exact: 0.3 / 0.1 is a little less than 3. */
const isMultiple = (value: number, step: number): boolean => {
  const times = value / step;
  const isNear = Math.abs(times - Math.round(times)) <= 2 * Number.EPSILON * Math.abs(times);
  return Number.isInteger(step) ? value % step === 0 : isNear;
};

type Check = readonly [passes: (value: unknown) => boolean, says: string];

/** What a number must be, in the words of zod. */
const NUMBERS: Readonly<
  Record<string, readonly [(value: number, limit: number) => boolean, string]>
> = {
  exclusiveMinimum: [(value, limit) => value > limit, "Too small: expected number to be >"],
  exclusiveMaximum: [(value, limit) => value < limit, "Too big: expected number to be <"],
  multipleOf: [isMultiple, "Invalid number: must be a multiple of "],
};

const areUnique: Check = [
  (list) =>
    !Array.isArray(list) || new Set(list.map((one) => JSON.stringify(one))).size === list.length,
  "Array items must be unique",
];

const checksOf = (schema: Schema): Check[] => {
  const ofNumbers = Object.entries(NUMBERS).flatMap(([keyword, [passes, says]]): Check[] => {
    const limit = schema[keyword];
    if (typeof limit !== "number") return [];
    return [
      [(value) => typeof value !== "number" || passes(value, limit), `${says}${String(limit)}`],
    ];
  });
  return schema.uniqueItems === true ? [...ofNumbers, areUnique] : ofNumbers;
};

/** Returns the validator with the limits of its schema. */
export const limited = (validator: GenericValidator, schema: Schema): GenericValidator =>
  checksOf(schema).reduce((one, check) => field(one, { check }), field(validator, schema));
