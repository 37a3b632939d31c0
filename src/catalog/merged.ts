/** Joins the schemas of several kinds of objects into one. */
import { canonicalJson } from "../base/digest";
import { union, type JsonSchema } from "./jsonSchema";

const distinct = (schemas: readonly JsonSchema[]): JsonSchema => {
  const found = [...new Map(schemas.map((one) => [canonicalJson(one), one])).values()];
  const [only] = found;
  return only !== undefined && found.length === 1 ? only : union(found);
};

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null;

/**
 * Makes one schema of an object that allows what any of the schemas allows. It has no union at its root, which some clients refuse; so it
 * allows more than they do, and says which members belong together in words only.
 *
 * @param schemas - of objects, as `toJsonSchema` makes them.
 */
export const merged = (schemas: readonly JsonSchema[]): JsonSchema => {
  const shapes = schemas.map(({ properties = {} }) => properties as Record<string, JsonSchema>);
  const others = schemas.map((one) => one.additionalProperties).filter(isSchema);
  const names = [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
  const memberOf = (name: string): JsonSchema =>
    distinct([
      ...shapes.flatMap((shape) => (Object.hasOwn(shape, name) ? [shape[name] ?? {}] : [])),
      ...others,
    ]);
  const required = names.filter((name) =>
    schemas.every((one) => ((one.required ?? []) as readonly string[]).includes(name)),
  );
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, memberOf(name)])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: others.length > 0 ? distinct(others) : false,
  };
};
