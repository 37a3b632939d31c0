/** Checks ids in arguments, which a JSON Schema cannot do. */
import type { ValidatorJSON } from "convex/values";
import { fits } from "./explain";
import { toJsonSchema } from "./jsonSchema";

/** Whether `id` has the form of an id of this table. Whether the row exists is not checked. */
export type IsId = (table: string, id: string) => boolean;

const membersOf = (value: unknown): [name: string, member: unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];

/** Any variant that allows the value is enough, so a value has wrong ids only if it has some as each variant of its kind. */
const inUnion = (
  variants: readonly ValidatorJSON[],
  value: unknown,
  isId: IsId,
  path: string,
): string[] => {
  const found = variants
    .filter((variant) => fits(toJsonSchema(variant, "arguments"), value))
    .map((variant) => wrongIds(variant, value, isId, path));
  return found.some((paths) => paths.length === 0) ? [] : (found[0] ?? []);
};

/**
 * Returns the paths at which an argument must be an id but is another string.
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
      return membersOf(value).flatMap(([name, member]) => {
        const field = Object.hasOwn(validator.value, name) ? validator.value[name] : undefined;
        return field === undefined ? [] : wrongIds(field.fieldType, member, isId, at(name));
      });
    case "record":
      return membersOf(value).flatMap(([name, member]) => [
        ...wrongIds(validator.keys as ValidatorJSON, name, isId, at(name)),
        ...wrongIds(validator.values.fieldType, member, isId, at(name)),
      ]);
    case "union":
      return inUnion(validator.value, value, isId, path);
    default:
      return [];
  }
};
