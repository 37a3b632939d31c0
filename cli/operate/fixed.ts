/** Fixed arguments in the form that people write them in: `orders_list.status=open`. */
import type { Fixed } from "../../src/auth/fixed";
import { NOT_JSON, parseStrictJson } from "../../src/wire/strictJson";
import { FormError } from "./formError";

/** The form of a fixed argument, for help texts and errors. */
export const FIXED_FORM =
  'tool.argument=value, which the server then fills in. 5, true, null and JSON are no texts; "5" is';

/** Parses JSON. Any other text stays as it is. @throws FormError for flawed JSON, and for no text at all. */
const valueIn = (text: string): unknown => {
  if (text === "") throw new FormError('Write "" in the place of an empty text.');
  const parsed = parseStrictJson(text);
  if (!("flaw" in parsed)) return parsed.value;
  if (parsed.flaw === NOT_JSON && !/^\s*[[{"]/.test(text)) return text;
  throw new FormError(`${text}: ${parsed.flaw}.`);
};

/**
 * Adds one fixed argument to the earlier ones. The server checks that the tool takes it.
 *
 * @param text - such as `orders_list.status=open`.
 * @throws FormError if `text` is malformed, or names an argument a second time.
 */
export const addFixed = (text: string, before: Fixed = {}): Fixed => {
  const match = /^([A-Za-z0-9_-]+)\.([^=]+?)=(.*)$/s.exec(text);
  if (match === null) throw new FormError(`Write ${FIXED_FORM}.`);
  const [, tool = "", argument = "", value = ""] = match;
  const values = (Object.hasOwn(before, tool) ? before[tool] : undefined) ?? {};
  if (Object.hasOwn(values, argument)) throw new FormError(`${tool}.${argument} is set twice.`);
  return { ...before, [tool]: { ...values, [argument]: valueIn(value) } };
};

/** Writes fixed arguments in that form, one text for each. Values are JSON. */
export const fixedTexts = (fixed: Fixed): string[] =>
  Object.entries(fixed).flatMap(([tool, values]) =>
    Object.entries(values).map(([name, value]) => `${tool}.${name}=${JSON.stringify(value)}`),
  );
