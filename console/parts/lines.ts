/** Texts of one line each, in a field of several lines. */

/** The lines that say something. */
export const linesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
