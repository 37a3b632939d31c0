/** Checks ids in arguments, which a JSON Schema cannot do. */
import type { ValidatorJSON } from "convex/values";

/** Whether `id` has the form of an id of this table. Whether the row exists is not checked. */
export type IsId = (table: string, id: string) => boolean;

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * Returns the paths at which an argument must be an id but is another string. Members of a union are skipped, because another member
 * of the union may allow the string.
 *
 * @param value - the arguments. They must fit the schema.
 * @param path - of `value` in the arguments.
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
