/** Gives arguments the descriptions that a tool's line states: `v` has none. */
import type { JsonSchema } from "./jsonSchema";

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Describes what lies below one keyword; undefined if nothing lies there. */
const below = (
  schema: JsonSchema,
  keyword: string,
  path: readonly string[],
  text: string,
): JsonSchema | undefined => {
  const inner = schema[keyword];
  const described = isSchema(inner) ? describedAt(inner, path, text) : undefined;
  return described && { ...schema, [keyword]: described };
};

/** Describes the member in each variant of a union that has it. */
const inVariants = (
  schema: JsonSchema,
  keyword: "anyOf" | "oneOf",
  path: readonly string[],
  text: string,
): JsonSchema | undefined => {
  const variants = (schema[keyword] ?? []) as readonly JsonSchema[];
  const described = variants.map((variant) => describedAt(variant, path, text));
  return described.some((one) => one !== undefined)
    ? { ...schema, [keyword]: described.map((one, index) => one ?? variants[index]) }
    : undefined;
};

/** Returns the schema with the text at the path; undefined if it has no such member. */
const describedAt = (
  schema: JsonSchema,
  path: readonly string[],
  text: string,
): JsonSchema | undefined => {
  const [step, ...rest] = path;
  if (step === undefined) return { ...schema, description: text };
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const property = Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (isSchema(property)) {
    const described = describedAt(property, rest, text);
    return described && { ...schema, properties: { ...properties, [step]: described } };
  }
  const each =
    step === "*"
      ? (below(schema, "items", rest, text) ?? below(schema, "additionalProperties", rest, text))
      : undefined;
  return each ?? inVariants(schema, "anyOf", path, text) ?? inVariants(schema, "oneOf", path, text);
};

/**
 * Adds the descriptions to the schema of a tool's arguments. They replace those that zod states.
 *
 * @param name - of the tool, for error messages.
 * @param descriptions - path → text. A path is a name, or leads into an argument as a key's constraints do: `address.city`,
 * `lines.*.quantity`.
 * @throws Error that names the tool if there is no such argument.
 */
export const withDescriptions = (
  name: string,
  descriptions: Readonly<Record<string, string>>,
  schema: JsonSchema,
): JsonSchema =>
  Object.entries(descriptions).reduce((soFar, [path, text]) => {
    const described = describedAt(soFar, path.split("."), text);
    if (described !== undefined) return described;
    throw new Error(`Tool ${name}: its line describes an argument "${path}", which there is not`);
  }, schema);
