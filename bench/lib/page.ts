/** docs/benchmarks.md: each goal with its figure, and all sections. */
import { readFileSync } from "node:fs";
import os from "node:os";
import { goals, limits } from "./goals";
import { show } from "./numbers";
import type { Cell, Figure, Report, Table } from "./report";

/** A section as it was measured last: when, on what machine, and how busy it was. */
export type Done = Report & { readonly measured: string };

const showCell = (cell: Cell): string => (typeof cell === "number" ? show(cell) : cell);

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const tableText = ({ title, head, rows }: Table): string =>
  [
    `**${title}**\n`,
    line(head),
    line(head.map((_name, column) => (column === 0 ? "---" : "---:"))),
    ...rows.map((row) => line(row.map(showCell))),
  ].join("\n");

const listText = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

export const sectionText = ({ title, method, tables, findings = [], measured }: Done): string =>
  [
    `## ${title}`,
    method.join(" "),
    ...[...tables.map(tableText), listText(findings), measured].filter((text) => text !== ""),
  ].join("\n\n");

/** @throws Error if a goal was not measured. */
const figureOf = (name: string, done: readonly Done[]): Figure => {
  const figure = done.map(({ figures }) => figures[name]).find((one) => one !== undefined);
  if (figure === undefined) throw new Error(`Nobody measured ${name}`);
  return figure;
};

/** The table of goals, and what limits those that were missed. */
export const goalsText = (done: readonly Done[]): string => {
  const judged = goals.map((goal) => ({ ...goal, ...figureOf(goal.figure, done) }));
  const table = tableText({
    title: "Goals",
    head: ["what", "goal", "measured", "reached", "red at 1.1 × of today"],
    rows: judged.map(({ what, number, shown, met, check }) => [
      ...[what, number, shown, met ? "yes" : "**missed**", check],
    ]),
  });
  const missed = judged.filter(({ met }) => !met);
  if (missed.length === 0) return table;
  const why = missed.map(({ what, figure }) => `${what}: ${limits[figure] ?? "not looked into"}`);
  return `${table}\n\nWhat limits those that were missed:\n\n${listText(why)}`;
};

const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);

/** Said of a section when it ends. */
export const machine = (): string =>
  `Measured on ${String(os.availableParallelism())} cores (${(os.cpus()[0]?.model ?? "unknown").trim()}), ${gib(os.totalmem())} GiB, ` +
  `${os.type()} ${os.arch()}, Node ${process.versions.node}, load ${os.loadavg()[0]?.toFixed(1) ?? "?"} at the end, ` +
  `${new Date().toISOString().slice(0, 10)}.`;

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(`${folder}/package.json`, "utf8")) as Manifest;

const versionsIn = (folder: string, names: readonly string[]): string[] =>
  names.map((name) => `${name} ${manifest(`${folder}/node_modules/${name}`).version}`);

/** The packages that were raced, and those under the app and under the measuring. */
const packages = (): string => {
  const raced = versionsIn("bench", Object.keys(manifest("bench").devDependencies));
  const own = versionsIn(".", ["convex-helpers", "convex-test", "esbuild"]);
  return `${[...raced, ...own].join(", ")}.`;
};

export const pageOf = (done: readonly Done[]): string =>
  [
    "# Benchmarks",
    "`npm run bench` writes this page. Compare the numbers of a section with each other, not with those of another machine. Nothing here ran on Convex itself.",
    goalsText(done),
    ...done.map(sectionText),
    "## Versions",
    `${packages()}\n`,
  ].join("\n\n");
