/** Finding rows by words. Rows carry their words in `searchText`, prepared by `searchable`. */

/** The most rows a search looks at, best first. */
export const MAX_MATCHES = 200;

/** The words of a text: lower case, without accents and punctuation. */
const words = (text: string): string[] =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** What to keep in `searchText`, and what to ask a search index for. */
export const searchable = (...texts: string[]): string => words(texts.join(" ")).join(" ");

/**
 * True if every word of `text` begins some word of `searchText`. A search index alone is content with any one of them. A text
 * without a word matches nothing.
 */
export const matches = (searchText: string, text: string): boolean => {
  const present = searchText.split(" ");
  const wanted = words(text);
  return (
    wanted.length > 0 &&
    wanted.every((word) => present.some((candidate) => candidate.startsWith(word)))
  );
};
