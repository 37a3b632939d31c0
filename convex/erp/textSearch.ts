/** Finds texts by words, in any script. Rows keep a text as `searchable` prepares it. */

/** Whether a sign is of a script that is written without spaces between words. */
const isSpaceless = (sign: string): boolean =>
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}\p{scx=Tavt}]/u.test(
    sign,
  );

/** Without accents, and in lower case, by way of upper case: so ß is ss, and each form of sigma is one letter. */
const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ς", "σ");

const parts = (text: string, between: RegExp): string[] =>
  text.split(between).filter((part) => part !== "");

/** The runs of letters and digits of a text. Of a text that has none, such as "***", the runs of its other signs. */
const runs = (text: string): string[] => {
  const lettered = parts(folded(text), /[^\p{L}\p{N}]+/u);
  if (lettered.length > 0) return lettered;
  return parts(text.normalize("NFC").replace(/[\p{C}\ufe00-\ufe0f]/gu, ""), /\s+/u);
};

/** The runs of a text, joined by spaces: the form in which texts are compared. */
export const searchable = (text: string): string => runs(text).join(" ");

/** The words that a query asks for, each once. */
export const queryWords = (text: string): string[] => [...new Set(runs(text))];

const isLetter = (sign: string): boolean => /[\p{L}\p{N}]/u.test(sign);

/** Whether a word may begin between two signs: after a space, beside a letter of a spaceless script, or at a sign that is no letter. */
const begins = (before: string, here: string): boolean =>
  here !== " " && (before === " " || isSpaceless(before) || isSpaceless(here) || !isLetter(here));

/** Whether `word` stands in `text` where a word may begin. Both are whole signs, so what is found is too. */
const isWordOf = (text: string, word: string): boolean => {
  const [here = ""] = word;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? " ";
    if (begins(before, here)) return true;
  }
  return false;
};

/** Whether each of `words` is the beginning of a word in `text`, a text of `searchable`. No words match nothing. */
export const matches = (text: string, words: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => isWordOf(text, word));
