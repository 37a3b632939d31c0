/** Constraints in the form that people write them in: `orders_confirm.expectedTotalMinor<=100000`. */
import type { Infer } from "convex/values";
import { NOT_JSON, parseStrictJson } from "../../src/wire/strictJson";
import type { constraintsValidator, constraintValidator } from "../../src/data/values";
import { FormError } from "./formError";

export type Constraints = Infer<ReturnType<typeof constraintsValidator>>;
type Constraint = Infer<ReturnType<typeof constraintValidator>>;

/** The forms of a constraint, for help texts and errors. */
export const CONSTRAINT_FORMS =
  'tool.path<=N, tool.path>=N or tool.path=a|b. In lists of values, 5 and true are no texts; "5" is';

/** Parses a string, number or boolean in JSON. Any other text stays as it is. @throws FormError for flawed JSON. */
const scalar = (text: string): string | number | boolean => {
  const parsed = parseStrictJson(text);
  if ("flaw" in parsed) {
    if (parsed.flaw === NOT_JSON) return text;
    throw new FormError(`${text}: ${parsed.flaw}.`);
  }
  const { value } = parsed;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : text;
};

/** @throws FormError for a text that is no number in JSON, or would be rounded. */
const number = (text: string): number => {
  const value = scalar(text);
  if (typeof value !== "number") throw new FormError(`${JSON.stringify(text)} is no number.`);
  return value;
};

const limitOf = (operator: string, operand: string): Constraint => {
  if (operator === "<=") return { max: number(operand) };
  if (operator === ">=") return { min: number(operand) };
  return { oneOf: operand.split("|").map((item) => scalar(item.trim())) };
};

/** A member, but not one that every object has. */
const own = <T>(members: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/**
 * Adds one constraint to the earlier ones. `<=` and `>=` for the same path make a range. Whether the tool and path exist is not checked.
 *
 * @param text - such as `orders_confirm.expectedTotalMinor<=100000`.
 * @throws FormError if `text` is malformed.
 */
export const addConstraint = (text: string, before: Constraints = {}): Constraints => {
  const match = /^([A-Za-z0-9_-]+)\.([^<>=]+?)\s*(<=|>=|=)(.+)$/.exec(text);
  if (match === null) throw new FormError(`Write ${CONSTRAINT_FORMS}.`);
  const [, tool = "", path = "", operator = "", operand = ""] = match;
  const paths = own(before, tool) ?? {};
  const limit = limitOf(operator, operand);
  return { ...before, [tool]: { ...paths, [path]: { ...own(paths, path), ...limit } } };
};

const texts = (path: string, { min, max, oneOf }: Constraint): string[] => [
  ...(min === undefined ? [] : [`${path}>=${min}`]),
  ...(max === undefined ? [] : [`${path}<=${max}`]),
  ...(oneOf === undefined ? [] : [`${path}=${oneOf.map(String).join("|")}`]),
];

/** Writes constraints in that form, one text for each limit. */
export const constraintTexts = (constraints: Constraints): string[] =>
  Object.entries(constraints).flatMap(([tool, paths]) =>
    Object.entries(paths).flatMap(([path, limit]) => texts(`${tool}.${path}`, limit)),
  );
