/** Tables and pages as markdown. */
import type { Cell, Report, Table } from "./report";
import type { Spread } from "./stats";

const digits = (value: number): number => (value >= 100 ? 0 : value >= 10 ? 1 : 2);

export const show = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString("en")
    : value.toLocaleString("en", { maximumFractionDigits: digits(value) });

export const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

/** Of shares that are near nothing. */
export const percentOf = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** `median (min to max)`. */
export const showSpread = ({ median, min, max }: Spread): string =>
  `${show(median)} (${show(min)} to ${show(max)})`;

const showCell = (cell: Cell): string =>
  (typeof cell === "number" ? show(cell) : cell).replaceAll("|", "\\|");

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export const tableText = ({ title, head, rows }: Table): string =>
  [
    `**${title}**`,
    "",
    line(head),
    line(head.map((_name, column) => (column === 0 ? "---" : "---:"))),
    ...rows.map((row) => line(row.map(showCell))),
  ].join("\n");

export const sectionText = (title: string, { method, tables, findings = [] }: Report): string =>
  [
    `## ${title}`,
    method.join(" "),
    ...tables.map(tableText),
    ...(findings.length === 0 ? [] : [findings.map((finding) => `- ${finding}`).join("\n")]),
  ].join("\n\n");
