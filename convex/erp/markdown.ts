/** Writes Markdown. */
import { onOneLine } from "../../src/entry/functions";

/** The longest text from the database in a document, in characters. */
const LONGEST = 500;

/**
 * Returns a text of others as Markdown that shows just this text, on one line. Signs of syntax are escaped, and so are those by which
 * some readers find addresses, mentions and emoji.
 */
export const plain = (text: string): string =>
  onOneLine(text, LONGEST)
    .replace(/[\\`*_{}[\]<>()#|~&!@:^$=]/g, "\\$&")
    .replace(/www\./gi, "www\\.");

/** Returns a table. Its cells are Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
