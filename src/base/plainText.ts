/**
 * Makes texts that others wrote safe to stand among our own words: in a question to a user, in a table on a terminal, in a document.
 *
 * The expressions stand inside functions: V8 reads the tables of Unicode for one at the top of a module whenever the module is
 * evaluated, which takes half as long as all of Convex's client code.
 */
import { cut } from "./text";

/**
 * What shows nothing, or steers what shows it: control characters (terminals take orders that begin with one), half surrogate pairs,
 * marks that turn the direction of writing, zero-width characters, variation selectors, fillers.
 */
const unseen = (): RegExp =>
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Replaces each character that shows nothing or steers what shows it, line breaks too. */
export const replaceUnseen = (text: string, by: (sign: string) => string): string =>
  text.replace(unseen(), by);

/** Whether there is anything to see in a text: a letter, a digit or a sign. */
export const isSeen = (text: string): boolean =>
  /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.replace(unseen(), ""));

/** Returns a text as one line without unseen characters, cut to `length` characters. */
export const onOneLine = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, " ").replace(unseen(), "").trim();
  return line.length > length ? `${cut(line, length).trimEnd()}…` : line;
};

/**
 * Returns a text in double quotes, to stand in a sentence of ours. It is one line and has no other double quotes, so that it cannot end
 * the quotation and go on in our voice.
 *
 * @param length - the most characters between the quotes.
 */
export const inQuotes = (text: string, length: number): string =>
  `"${onOneLine(text, length).replace(/["\u201e\u201a\uff02\p{Pi}\p{Pf}]/gu, "'")}"`;
