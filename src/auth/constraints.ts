/** Checks the arguments of a tool against the constraints of a key. */
import type { Infer } from "convex/values";
import type { constraintValidator } from "../data/values";

type Constraint = Infer<ReturnType<typeof constraintValidator>>;

/** Argument path → constraint, for one tool. */
export type Constraints = Readonly<Record<string, Constraint>>;

/** Returns all values at a path such as `lines.*.quantity`. `*` stands for every element. An absent value is undefined. */
const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === "*")
    return Array.isArray(value) && value.length > 0
      ? value.flatMap((item) => valuesAt(item, rest))
      : [undefined];
  const isMember = typeof value === "object" && value !== null && Object.hasOwn(value, step);
  return isMember ? valuesAt((value as Record<string, unknown>)[step], rest) : [undefined];
};

const satisfies = (value: unknown, { min, max, oneOf }: Constraint): boolean => {
  if (oneOf !== undefined && !oneOf.some((allowed) => allowed === value)) return false;
  if (min === undefined && max === undefined) return oneOf !== undefined;
  return typeof value === "number" && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
};

const describe = ({ min, max, oneOf }: Constraint): string =>
  [
    min === undefined ? [] : `at least ${String(min)}`,
    max === undefined ? [] : `at most ${String(max)}`,
    oneOf === undefined ? [] : `one of ${JSON.stringify(oneOf)}`,
  ]
    .flat()
    .join(" and ");

/**
 * Returns a sentence for every argument that breaks a constraint. An absent argument breaks its constraint.
 *
 * @param constraints - argument path → constraint, for the tool that is called.
 */
export const breaches = (
  args: Readonly<Record<string, unknown>>,
  constraints: Constraints,
): string[] =>
  Object.entries(constraints)
    .filter(
      ([path, constraint]) =>
        !valuesAt(args, path.split(".")).every((value) => satisfies(value, constraint)),
    )
    .map(([path, constraint]) => `${path}: this API key allows only ${describe(constraint)}`);
