/** How the author of a text writes: what is added to it follows. */

export interface Style {
  readonly quote: '"' | "'";
  /** How a statement ends. */
  readonly end: ";" | "";
  readonly newline: "\n" | "\r\n";
}

/** Tells the style from the imports of a text. */
export const styleOf = (text: string): Style => {
  const first = /^import\b[^;]*?from\s*(["'])[^"'\n]*\1(;?)/m.exec(text);
  return {
    quote: first?.[1] === "'" ? "'" : '"',
    end: first !== null && first[2] === "" ? "" : ";",
    newline: text.includes("\r\n") ? "\r\n" : "\n",
  };
};

/** A line with an escape or an apostrophe keeps its double quotes, which are right for every reader. */
const quoted = (line: string): string =>
  /['\\]/.test(line) ? line : line.replace(/"([^"]*)"/g, "'$1'");

/** Writes a text of ours, with double quotes and semicolons at the ends of lines, in a style. */
export const inStyle = (text: string, { quote, end, newline }: Style): string =>
  text
    .split("\n")
    .map((line) => (quote === "'" ? quoted(line) : line))
    .map((line) => (end === "" ? line.replace(/;$/, "") : line))
    .join(newline);
