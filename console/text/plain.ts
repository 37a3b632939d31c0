/** Shows text that an agent or its client wrote: as it is, with what cannot be seen made visible. */

import { replaceUnseen } from "../../src/base/plainText";

/** Characters for private use, and those that no standard knows: each font shows them in its own way. */
const UNKNOWN = /[\p{Co}\p{Cn}]/gu;

const isLayout = (character: string): boolean => character === "\n" || character === "\t";

const named = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** Replaces each character that cannot be seen by its code point: `⟨U+202E⟩`. */
export const visible = (text: string): string =>
  replaceUnseen(text.replace(UNKNOWN, named), (character) =>
    isLayout(character) ? character : named(character),
  );

/** The same on one line. */
export const visibleLine = (text: string): string => visible(text).replace(/[\n\t]/g, " ");

/** JSON text with two spaces of indent and what cannot be seen made visible; the text as it is if it is no JSON. */
export const visibleJson = (text: string): string => {
  try {
    return visible(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return visible(text);
  }
};
