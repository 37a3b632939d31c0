/**
 * Mends arguments that a function has refused, where what was meant is beyond doubt: models send null or "" for an argument that they
 * leave out, and numbers, booleans, arrays and objects as text.
 */
import { parseStrictJson } from "../wire/strictJson";
import { fits } from "./explain";
import type { JsonSchema } from "./jsonSchema";
import { variantsOf } from "./variants";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A number that is written as JavaScript writes it. Any other might be rounded. */
const numberIn = (text: string): unknown =>
  /^-?\d+(?:\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : undefined;

/** An array or object. Long digits stay a text, since JSON.parse rounds them. */
const structureIn = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text) || /\d{16}/.test(text)) return undefined;
  const parsed = parseStrictJson(text);
  return "value" in parsed ? parsed.value : undefined;
};

/** The value that a text stands for; undefined if it stands for none but itself. */
const meant = (text: string): unknown =>
  text === "true" || text === "false" ? text === "true" : (numberIn(text) ?? structureIn(text));

/** Whether the client leaves a member out by this value. */
const isLeftOut = (value: unknown): boolean => value === null || value === "";

const mendObject = (schema: JsonSchema, value: Readonly<Record<string, unknown>>): unknown => {
  const { properties = {}, required = [], additionalProperties: rest } = schema;
  const known = properties as Readonly<Record<string, JsonSchema>>;
  const needed = new Set(required as readonly string[]);
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property === undefined) return [[name, isRecord(rest) ? mend(rest, member) : member]];
    const isOut = isLeftOut(member) && !needed.has(name) && !fits(property, member);
    return isOut ? [] : [[name, mend(property, member)]];
  });
  return Object.fromEntries(members);
};

/** Mends a value that fits no variant, if all variants that it can be mended for agree on what it was. */
const mendUnion = (variants: readonly JsonSchema[], value: unknown): unknown => {
  const found = variants
    .map((variant) => ({ variant, mended: mend(variant, value) }))
    .filter(({ variant, mended }) => fits(variant, mended));
  const texts = new Set(found.map(({ mended }) => JSON.stringify(mended)));
  return texts.size === 1 ? found[0]?.mended : value;
};

/** Mends a text. An array or object of the right type is kept even if it does not fit, so that its own faults can be told. */
const mendText = (schema: JsonSchema, text: string): unknown => {
  const value = fits(schema, text) ? undefined : meant(text);
  if (value === undefined) return text;
  const mended = mend(schema, value);
  const isOfType = schema.type === (Array.isArray(value) ? "array" : "object");
  return fits(schema, mended) || (typeof value === "object" && isOfType) ? mended : text;
};

/**
 * Mends a value. What fits stays as it is, and so does what cannot be mended, so the result may not fit.
 *
 * @param schema - of the arguments that the function accepts.
 */
export const mend = (schema: JsonSchema, value: unknown): unknown => {
  if (typeof value === "string") return mendText(schema, value);
  if (typeof value !== "object" || value === null) return value;
  const variants = variantsOf(schema);
  if (variants !== undefined) return fits(schema, value) ? value : mendUnion(variants, value);
  const { items } = schema;
  if (Array.isArray(value)) return isRecord(items) ? value.map((item) => mend(items, item)) : value;
  return mendObject(schema, value as Readonly<Record<string, unknown>>);
};
