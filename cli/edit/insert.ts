/** Changes a text by insertions only, so that nothing that its author wrote is lost. */
import type { Syntax } from "../app/syntax";
import { styleOf } from "./style";

/** A text and the place in front of which it goes. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Makes the insertions, with line ends as in the text. Several at one place stay in their order. */
export const insertAll = (text: string, insertions: readonly Insertion[]): string => {
  const { newline } = styleOf(text);
  return [...insertions.entries()]
    .sort(([a, one], [b, other]) => other.at - one.at || b - a)
    .reduce(
      (all, [, one]) =>
        all.slice(0, one.at) + one.text.replace(/\r?\n/g, newline) + all.slice(one.at),
      text,
    );
};

const indentOf = (text: string, at: number): string => {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, at))?.[0] ?? "";
};

const isOneLine = (text: string, { start, end }: Syntax): boolean =>
  !text.slice(start, end).includes("\n");

/** Where the code between the last item and the closing bracket has its comma; undefined if it has none. */
const commaAfter = (text: string, from: number, to: number): boolean =>
  text
    .slice(from, to)
    .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "")
    .includes(",");

/** The place of a list in a text: its brackets and what stands between them. */
export interface List {
  readonly node: Syntax;
  readonly items: readonly Syntax[];
}

/** The list of an array, an object or the arguments in braces. */
export const listOf = (node: Syntax): List => ({
  node,
  items: (node.elements ?? node.properties) as Syntax[],
});

/** Between the braces or brackets of a short list: `[a]`, `{ a }`. */
const padded = (text: string, { end }: Syntax, items: string): string =>
  text[end - 1] === "}" ? ` ${items} ` : items;

/**
 * Adds items to the end of an array or an object: on lines of their own where the list has lines or an item must stand alone.
 *
 * @param alone - whether each item needs a line of its own.
 */
export const append = (
  text: string,
  list: List,
  items: readonly string[],
  alone: boolean,
): Insertion[] => {
  const { node } = list;
  const last = list.items.at(-1);
  const close = node.end - 1;
  if (items.length === 0) return [];
  if (isOneLine(text, node) && !alone) {
    if (last === undefined) return [{ at: close, text: padded(text, node, items.join(", ")) }];
    return [{ at: last.end, text: `, ${items.join(", ")}` }];
  }
  const outer = indentOf(text, isOneLine(text, node) ? node.start : close);
  const inner =
    last === undefined || isOneLine(text, node) ? `${outer}  ` : indentOf(text, last.start);
  const lines = items.map((item) => `${inner}${item},\n`).join("");
  if (last === undefined) return [{ at: close, text: `\n${lines}${outer}` }];
  const comma = commaAfter(text, last.end, close) ? [] : [{ at: last.end, text: "," }];
  const start = text.lastIndexOf("\n", close) + 1;
  return isOneLine(text, node)
    ? [...comma, { at: close, text: `\n${lines}${outer}` }]
    : [...comma, { at: Math.max(start, last.end), text: lines }];
};
