/** Explains what is wrong with a tool's arguments, so that a model can correct itself: the path, the expected value, the value sent. */
import type { z } from "zod";
import { quoted } from "../base/text";
import { issuesOf } from "./fits";
import type { JsonSchema } from "./jsonSchema";
import { hint, show } from "./show";
import { typesOf, variantLabel, variantsOf } from "./variants";

/** One fault in the arguments. */
interface Problem {
  readonly path: string;
  readonly says: string;
  /** How far the value is from the schema. The variant of a union with the least is the one that was meant. */
  readonly distance: number;
}

/** A value of another type is no attempt at this schema at all. A wrong constant is most likely the mark of another variant. */
const DISTANCE = { type: 1000, constant: 10, other: 1 } as const;

/** The most problems that are reported. It also bounds the work, which runs in a transaction. */
const MAX_PROBLEMS = 10;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const at = (path: string, step: string | number): string => {
  const shown = quoted(String(step), 80);
  return path === "" ? shown : `${path}.${shown}`;
};

const expectation = (issue: z.core.$ZodIssue, { type, enum: values }: JsonSchema): string => {
  if (Array.isArray(values)) return `expected one of ${values.map(show).join(", ")}`;
  switch (issue.code) {
    case "invalid_type":
      // The schema's type is better than zod's, which calls an integer a number.
      return `expected ${typeof type === "string" ? type : issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map(show).join(", ")}`;
    case "invalid_format":
      return issue.format === "regex"
        ? `expected a match of ${issue.pattern ?? "a pattern"}`
        : `expected ${issue.format}`;
    default:
      return issue.message;
  }
};

/** The first fault of a value that has no inner schemas. A format and its pattern give two issues for one fault. */
const leafProblems = (schema: JsonSchema, value: unknown, path: string): Problem[] => {
  const [issue] = issuesOf(schema, value);
  if (issue === undefined) return [];
  const inner = issue.path.reduce<string>((soFar, step) => at(soFar, String(step)), path);
  const texts = Array.isArray(schema.enum)
    ? schema.enum.filter((one) => typeof one === "string")
    : [];
  const near = typeof value === "string" ? hint(value, texts) : "";
  const isConstant = "enum" in schema || "const" in schema;
  const distance = isConstant ? "constant" : issue.code === "invalid_type" ? "type" : "other";
  return [
    {
      path: inner,
      says: `${expectation(issue, schema)}, got ${show(value)}${near}`,
      distance: DISTANCE[distance],
    },
  ];
};

const listed = (names: readonly string[]): string =>
  names.length === 0 ? "none" : names.join(", ");

const unknownProblem = (name: string, known: readonly string[], path: string): Problem => ({
  path: at(path, name),
  says: `no such argument${hint(name, known) || "."} Known arguments: ${listed(known)}`,
  distance: DISTANCE.other,
});

const missingProblem = (schema: JsonSchema, path: string): Problem => ({
  path,
  says: `missing, expected ${typesOf(schema)}`,
  distance: DISTANCE.other,
});

const objectProblems = (
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Problem[] => {
  const { properties = {}, required = [], additionalProperties: rest, propertyNames } = schema;
  const known = properties as Readonly<Record<string, JsonSchema>>;
  const missing = (required as readonly string[])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => missingProblem(known[name] ?? {}, at(path, name)));
  const wrong = Object.entries(value).flatMap(([name, member]): Problem[] => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property !== undefined) return problemsOf(property, member, at(path, name));
    if (rest === false) return [unknownProblem(name, Object.keys(known), path)];
    const names = isRecord(propertyNames) ? leafProblems(propertyNames, name, at(path, name)) : [];
    return [...names, ...(isRecord(rest) ? problemsOf(rest, member, at(path, name)) : [])];
  });
  return [...missing, ...wrong];
};

const arrayProblems = (
  { items, ...schema }: JsonSchema,
  value: readonly unknown[],
  path: string,
): Problem[] => [
  ...leafProblems(schema, value, path),
  ...(isRecord(items)
    ? value.flatMap((item, index) => problemsOf(items, item, at(path, index)))
    : []),
];

/** Explains a value that fits no variant: by the variant that is nearest to it, or by all types if it is of none. */
const unionProblems = (
  variants: readonly JsonSchema[],
  value: unknown,
  path: string,
): Problem[] => {
  const tries = variants.map((variant) => problemsOf(variant, value, path));
  if (tries.some((problems) => problems.length === 0)) return [];
  const far = (problems: readonly Problem[]) =>
    problems.reduce((sum, one) => sum + one.distance, 0);
  const [nearest = 0] = [...tries.keys()].sort((a, b) => far(tries[a] ?? []) - far(tries[b] ?? []));
  const problems = tries[nearest] ?? [];
  const isOfNone = problems.some((one) => one.path === path && one.distance > DISTANCE.other);
  if (isOfNone) {
    const types = [...new Set(variants.map(typesOf))];
    const says = `expected ${types.join(" or ")}, got ${show(value)}`;
    return [{ path, says, distance: DISTANCE.type }];
  }
  const names = new Set(
    variants.flatMap(({ properties = {} }) => Object.keys(properties as object)),
  );
  const label = variantLabel(variants[nearest] ?? {});
  return problems.map((one) => ({
    ...one,
    says: [...names].some((name) => at(path, name) === one.path && one.says.startsWith("no such"))
      ? `belongs to another variant; the nearest is ${label}`
      : `${one.says} (in the nearest variant, ${label})`,
  }));
};

/** Keywords that only zod weighs, as a whole. */
const WHOLE = ["allOf", "$ref", "not", "if", "prefixItems", "patternProperties"];

const problemsOf = (schema: JsonSchema, value: unknown, path: string): Problem[] => {
  if (WHOLE.some((keyword) => keyword in schema)) return leafProblems(schema, value, path);
  const variants = variantsOf(schema);
  if (variants !== undefined) return unionProblems(variants, value, path);
  if (schema.type === "array" && Array.isArray(value)) return arrayProblems(schema, value, path);
  return schema.type === "object" && isRecord(value)
    ? objectProblems(schema, value, path)
    : leafProblems(schema, value, path);
};

/** Whether a value fits a schema. */
export const fits = (schema: JsonSchema, value: unknown): boolean =>
  problemsOf(schema, value, "").length === 0;

/**
 * Checks arguments against a tool's `inputSchema`.
 *
 * @returns a sentence per problem, at most 10; none if the arguments fit.
 */
export const explain = (schema: JsonSchema, args: unknown): string[] =>
  problemsOf(schema, args, "")
    .slice(0, MAX_PROBLEMS)
    .map(({ path, says }) => `${path}: ${says}`);
