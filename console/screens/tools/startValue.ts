/** The arguments with which a form begins: what the schema gives by default, and what must be there. */
import type { JsonSchema } from "./shapes";

const valueOf = (schema: JsonSchema): unknown => {
  if (schema.default !== undefined) return schema.default;
  if (schema.type === "object") return startValue(schema);
  if (schema.type !== "array") return undefined;
  const { items, minItems } = schema;
  const count = typeof minItems === "number" ? Math.min(minItems, 3) : 0;
  return Array.from({ length: count }, () => (items === undefined ? undefined : valueOf(items)));
};

/** Only of members that are required: the others are left out until somebody fills them in. */
export const startValue = ({
  properties = {},
  required = [],
}: JsonSchema): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const value = required.includes(name) ? valueOf(schema) : undefined;
      return value === undefined ? [] : [[name, value]];
    }),
  );
