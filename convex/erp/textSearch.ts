/** Finds rows by words. Each row keeps its words in `searchText`, which `searchable` prepares. */

/** The most rows that a search reads, best first. */
export const MAX_MATCHES = 200;

/** The words of a text: lower case, without accents and punctuation. */
const words = (text: string): string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** The words of `texts`, joined by spaces. Rows store it in `searchText`, and searches pass it to the search index. */
export const searchable = (...texts: string[]): string => words(texts.join(" ")).join(" ");

/**
 * Whether every word of `text` is the beginning of a word in `searchText`. This check is needed because a search index returns a row
 * if any one word matches. A text without words matches nothing.
 */
export const matches = (searchText: string, text: string): boolean => {
  const present = searchText.split(" ");
  const wanted = words(text);
  return (
    wanted.length > 0 &&
    wanted.every((word) => present.some((candidate) => candidate.startsWith(word)))
  );
};
