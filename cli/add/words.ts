/** The words of names that programmers write. */

/** Splits a name at its humps, dots, dashes and underscores, in lower case: `getURLById` → get, url, by, id. */
export const wordsIn = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());

/** A word in its singular, roughly. */
const singular = (word: string): string =>
  word
    .replace(/ies$/, "y")
    .replace(/(x|ch|sh|ss)es$/, "$1")
    .replace(/([^s])s$/, "$1");

const isSame = (a: string, b: string): boolean => singular(a) === singular(b);

/** Leaves out, once, the words of a noun, in its singular or plural. */
export const without = (words: readonly string[], noun: readonly string[]): readonly string[] => {
  const at = words.findIndex((_, index) =>
    noun.every((word, offset) => isSame(words[index + offset] ?? "", word)),
  );
  if (at === -1 || noun.length === 0) return words;
  return [...words.slice(0, at), ...words.slice(at + noun.length)];
};
