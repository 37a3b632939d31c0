/**
 * Checks values by Convex's validators, in the way of the real backend. convex-test finds the members that every JavaScript object
 * inherits (`constructor`, `toString`) in each closed object, lets every value into a record, and knows no literal of an int64.
 *
 * @see get-convex/convex-backend: crates/common/src/schemas/validator.rs, `check_value_internal`
 */
import { CommitTsPlaceholder, jsonToConvex, type ValidatorJSON, type Value } from "convex/values";

type Members = Extract<ValidatorJSON, { type: "object" }>["value"];
type OfRecord = Extract<ValidatorJSON, { type: "record" }>;

/** Finds the first fault of a value and returns it as a phrase; undefined if the value fits. `at` is where in the arguments it stands. */
type Check = (value: Value, at: string) => string | undefined;

/** The first fault among those of several values. */
const firstOf = <T>(items: readonly T[], check: (item: T, at: number) => string | undefined) => {
  for (const [at, item] of items.entries()) {
    const fault = check(item, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

const kind =
  (expected: string, fits: (value: Value) => boolean): Check =>
  (value, at) =>
    fits(value) ? undefined : `${at}: expected ${expected}`;

/** Whether a value is an object of Convex's: neither a list, nor bytes, nor a timestamp that is to come. */
const isPlain = (value: Value): value is Record<string, Value> =>
  typeof value === "object" &&
  value !== null &&
  ![Array, ArrayBuffer, CommitTsPlaceholder].some((other) => value instanceof other);

/** convex-test's ids are digits, then the name of the table. */
const isIdOf = (table: string, value: Value): boolean =>
  typeof value === "string" && /^\d+/.test(value) && value.replace(/^\d+/, "") === table;

const memberCheck = (
  members: Members,
  object: Record<string, Value>,
  at: string,
): string | undefined => {
  const extra = Object.keys(object).find((name) => !Object.hasOwn(members, name));
  if (extra !== undefined) return `${at}: extra field ${JSON.stringify(extra)}`;
  return firstOf(Object.entries(members), ([name, { fieldType, optional }]) => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value !== undefined) return checkOf(fieldType)(value, `${at}.${name}`);
    return optional ? undefined : `${at}: missing field ${JSON.stringify(name)}`;
  });
};

const recordCheck = (
  { keys, values }: OfRecord,
  record: Record<string, Value>,
  at: string,
): string | undefined =>
  firstOf(
    Object.entries(record),
    ([name, value]) =>
      checkOf(keys)(name, `${at}, the key ${JSON.stringify(name)}`) ??
      checkOf(values.fieldType)(value, `${at}[${JSON.stringify(name)}]`),
  );

/**
 * Makes the check of a validator, which is given as `exportArgs` writes it.
 *
 * @throws Error for a kind of validator that is not known.
 */
export const checkOf = (validator: ValidatorJSON): Check => {
  switch (validator.type) {
    case "any":
      return () => undefined;
    case "null":
      return kind("null", (value) => value === null);
    case "number":
    case "boolean":
    case "string":
      return kind(`a ${validator.type}`, (value) => typeof value === validator.type);
    case "bigint":
    case "commitTs":
      return kind(
        "an int64",
        (value) => typeof value === "bigint" || (value as unknown) instanceof CommitTsPlaceholder,
      );
    case "bytes":
      return kind("bytes", (value) => value instanceof ArrayBuffer);
    case "literal": {
      const literal = jsonToConvex(validator.value);
      return kind(JSON.stringify(validator.value), (value) => value === literal);
    }
    case "id":
      return kind(`an id of ${validator.tableName}`, (value) => isIdOf(validator.tableName, value));
    case "array":
      return (value, at) =>
        Array.isArray(value)
          ? firstOf(value, (item: Value, i) => checkOf(validator.value)(item, `${at}[${i}]`))
          : `${at}: expected an array`;
    case "record":
      return (value, at) =>
        isPlain(value) ? recordCheck(validator, value, at) : `${at}: expected an object`;
    case "object":
      return (value, at) =>
        isPlain(value) ? memberCheck(validator.value, value, at) : `${at}: expected an object`;
    case "union":
      return (value, at) =>
        validator.value.some((one) => checkOf(one)(value, at) === undefined)
          ? undefined
          : `${at}: expected one of ${String(validator.value.length)} types`;
    default:
      // A later version of Convex has more kinds.
      throw new Error(`The local server does not know the validator ${JSON.stringify(validator)}`);
  }
};
