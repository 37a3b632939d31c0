/** Shows values and names to a model that got an argument wrong. */
import { closest, distance } from "fastest-levenshtein";
import { cut, withoutKeys } from "../base/text";

/** The value as JSON, without API keys, cut to 80 characters. */
export const show = (value: unknown): string => {
  const text = withoutKeys(JSON.stringify(value));
  return text.length > 80 ? `${cut(text, 80)}…` : text;
};

/** The longest name that is compared with others, in characters. */
const MAX_NAME = 64;

/** Returns a hint if one of `known` is close to the text that was sent; otherwise an empty text. */
export const hint = (sent: string, known: readonly string[]): string => {
  if (known.length === 0 || sent.length > MAX_NAME) return "";
  const near = closest(sent.toLowerCase(), known);
  return distance(sent.toLowerCase(), near.toLowerCase()) <= Math.max(2, near.length / 2)
    ? `; did you mean ${show(near)}?`
    : "";
};
