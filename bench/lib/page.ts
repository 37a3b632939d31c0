/** docs/benchmarks.md is the text of bench/page.md; its named places, such as `{{path.rounds}}`, are filled with what was measured. */
import { show } from "./numbers";

/** What was measured for a goal: two cells of the table of goals. */
export interface Figure {
  readonly shown: string;
  readonly met: boolean;
}

export type Cell = string | number;

/** What is put into a place: a text, a number, a figure, or the rows of a table. */
export type Value = Cell | Figure | readonly (readonly Cell[])[];

/** By section, then by name. */
export type Results = Readonly<Record<string, Readonly<Record<string, Value>>>>;

const line = (cells: readonly Cell[]): string => `| ${cells.map(textOf).join(" | ")} |`;

const textOf = (value: Value): string => {
  if (typeof value === "number") return show(value);
  if (typeof value === "string") return value;
  if ("met" in value) return `${value.shown} | ${value.met ? "yes" : "**missed**"}`;
  return value.map(line).join("\n");
};

/** @throws Error if nobody measured what belongs in a place. */
export const fill = (text: string, results: Results): string =>
  text.replace(/\{\{(\w+)\.([^}]+)\}\}/g, (place, section: string, name: string) => {
    const value = results[section]?.[name];
    if (value === undefined) throw new Error(`Nobody measured what belongs in ${place}`);
    return textOf(value);
  });
