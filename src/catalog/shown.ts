/**
 * What clients are shown of a schema. It may say less than is enforced: a function's own validators decide at the call, and `explain` tells
 * a model what they have refused.
 */
import type { JsonSchema } from "./jsonSchema";
import { mapSchema, schemasIn } from "./mapSchema";

/** Whether a pattern looks ahead or behind. One such pattern makes OpenAI refuse the whole request: RE2 has no such thing. */
export const looksAround = (pattern: string): boolean =>
  /\(\?<?[=!]/.test(pattern.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]/g, ""));

const withoutLooking = (schema: JsonSchema): JsonSchema => {
  const { pattern, ...rest } = schema;
  return typeof pattern === "string" && looksAround(pattern) ? rest : schema;
};

/** The formats whose pattern says nothing more. zod's pattern of a date is 200 characters. */
const FORMATS: readonly unknown[] = ["date", "date-time", "time", "duration", "email", "uuid"];

const withoutRepeated = (schema: JsonSchema): JsonSchema => {
  const { pattern: _pattern, ...rest } = schema;
  return FORMATS.includes(schema.format) ? rest : schema;
};

/** A schema without patterns that look around, at any depth. */
export const shown = (schema: JsonSchema): JsonSchema => mapSchema(schema, withoutLooking);

/** The same of a schema that the catalog has made, also without patterns that only repeat a format. */
export const shownShort = (schema: JsonSchema): JsonSchema =>
  mapSchema(schema, (one) => withoutLooking(withoutRepeated(one)));

/** What the Claude API takes as the name of an argument. One other name makes it refuse the whole request. */
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Checks the names of all members that a client fills in, at any depth.
 *
 * @param name - of the tool, for error messages.
 * @throws Error that names the tool and the argument if a client refuses it.
 */
export const requireNames = (name: string, schema: JsonSchema): void => {
  const bad = schemasIn(schema)
    .flatMap(({ properties }) => Object.keys((properties ?? {}) as JsonSchema))
    .find((argument) => !NAME.test(argument));
  if (bad !== undefined)
    throw new Error(
      `Tool ${name}: argument ${JSON.stringify(bad.slice(0, 80))}: Claude refuses the name, and every tool of the request with it. A name has 1 to 64 letters, digits, "_", "." or "-".`,
    );
};
