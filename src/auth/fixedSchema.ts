/** Takes fixed arguments out of the schema of a tool. */

type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schema that nothing fits. */
const NEVER: Schema = { not: {} };

const without = (value: unknown, fixed: Schema): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !Object.hasOwn(fixed, name)))
    : value;

const isOneOf = (values: readonly unknown[], value: unknown): boolean =>
  values.some((one) => JSON.stringify(one) === JSON.stringify(value));

/** Whether the fixed values can be what a schema says of them, as far as its constants tell. */
const isPossible = ({ properties = {} }: Schema, fixed: Schema): boolean =>
  Object.entries(properties as object).every(([name, property]) => {
    if (!Object.hasOwn(fixed, name) || !isObject(property)) return true;
    if ("const" in property) return isOneOf([property.const], fixed[name]);
    return !Array.isArray(property.enum) || isOneOf(property.enum, fixed[name]);
  });

/** A schema of the same arguments inside of the whole one. Once all that it says is of fixed values, it is true or false. */
const inner = (schema: unknown, fixed: Schema): unknown => {
  if (!isObject(schema)) return schema;
  return isPossible(schema, fixed) ? withoutFixed(schema, fixed) : NEVER;
};

/** What may be one of several. Those that the fixed values rule out are no longer shown. */
const variants = (schemas: readonly unknown[], fixed: Schema): unknown => {
  const left = schemas.filter((one) => !isObject(one) || isPossible(one, fixed));
  return left.length === 0 ? [NEVER] : left.map((one) => inner(one, fixed));
};

const unfixed = (names: readonly unknown[], fixed: Schema): unknown[] =>
  names.filter((name) => typeof name !== "string" || !Object.hasOwn(fixed, name));

const narrow = (keyword: string, value: unknown, fixed: Schema): unknown => {
  switch (keyword) {
    case "properties":
    case "default":
    case "dependentRequired":
    case "dependentSchemas":
      return without(value, fixed);
    case "if":
    case "then":
    case "else":
    case "not":
      return inner(value, fixed);
  }
  if (!Array.isArray(value)) return value;
  switch (keyword) {
    case "required":
      return unfixed(value, fixed);
    case "examples":
      return value.map((one) => without(one, fixed));
    case "allOf":
      return value.map((one) => inner(one, fixed));
    case "anyOf":
    case "oneOf":
      return variants(value, fixed);
    default:
      return value;
  }
};

/**
 * Returns the schema of the arguments that are left, once some are fixed. Whatever names a fixed argument loses it: properties, what is
 * required, examples, defaults, headers, conditions and variants. A text that speaks of one stays.
 *
 * @param schema - of an object.
 * @param fixed - argument → value.
 */
export const withoutFixed = (schema: Schema, fixed: Schema): Schema =>
  Object.fromEntries(
    Object.entries(schema)
      .map(([keyword, value]) => [keyword, narrow(keyword, value, fixed)] as const)
      .filter(([keyword, value]) => keyword !== "required" || (value as unknown[]).length > 0),
  );
