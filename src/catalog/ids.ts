/** The one thing about arguments that a JSON Schema cannot check: whether a string is the id of a row. */
import type { ValidatorJSON } from "convex/values";

/** Whether `id` has the form of an id of this table; whether there is such a row is not checked. */
export type IsId = (table: string, id: string) => boolean;

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * The paths at which arguments that fit the schema hold a string that is no id. Members of unions are not looked into: another
 * member may take the string.
 */
export const wrongIds = (
  validator: ValidatorJSON,
  value: unknown,
  isId: IsId,
  path = "",
): string[] => {
  const at = (step: string | number) => (path === "" ? String(step) : `${path}.${String(step)}`);
  switch (validator.type) {
    case "id":
      return typeof value === "string" && !isId(validator.tableName, value) ? [path] : [];
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => wrongIds(validator.value, item, isId, at(index)))
        : [];
    case "object":
      return Object.entries(validator.value).flatMap(([name, { fieldType }]) =>
        wrongIds(fieldType, fieldsOf(value)[name], isId, at(name)),
      );
    case "record":
      return Object.entries(fieldsOf(value)).flatMap(([name, item]) =>
        wrongIds(validator.values.fieldType, item, isId, at(name)),
      );
    default:
      return [];
  }
};
