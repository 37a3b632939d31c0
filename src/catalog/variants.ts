/** The variants of a union, and how they are named to a model. */
import type { JsonSchema } from "./jsonSchema";
import { show } from "./show";

/** Returns the variants of a schema that is a union; undefined for any other. */
export const variantsOf = ({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] | undefined =>
  (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;

/** Names what a schema expects, in a few words. */
export const typesOf = (schema: JsonSchema): string => {
  if ("const" in schema) return show(schema.const);
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map(show).join(", ")}`;
  const variants = variantsOf(schema);
  if (variants !== undefined) return variants.map(typesOf).join(" or ");
  return typeof schema.type === "string" ? schema.type : "a value";
};

/** Names a variant that is an object by its constant members, which tell variants apart, or else by all its members. */
export const variantLabel = ({ properties = {}, type }: JsonSchema): string => {
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  const marks = members.filter(([, member]) => "const" in member);
  const shown = (marks.length > 0 ? marks : members).map(
    ([name, member]) => `${name}: ${typesOf(member)}`,
  );
  return type === "object" ? `{ ${shown.join(", ")} }` : typesOf({ type });
};
