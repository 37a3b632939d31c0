/** docs/benchmarks.md, whole. */
import { goalsTable, limits } from "./goals";
import { machine, packages } from "./machine";
import { sectionText, tableText } from "./markdown";
import type { Figure, Report } from "./report";

interface Done {
  readonly name: string;
  readonly title: string;
  readonly report: Report;
}

export const pageOf = (done: readonly Done[], seconds: number): { text: string; goals: string } => {
  const figures: Readonly<Record<string, Figure>> = Object.assign(
    {},
    ...done.map(({ report }) => report.figures ?? {}),
  );
  const goals = tableText(goalsTable(figures));
  const missed = limits(figures);
  const text = [
    "# Benchmarks",
    `\`npm run bench\` writes this page (${String(Math.round(seconds))} s). Numbers of one run on one machine: compare them with each other, not with those of another machine. Nothing here ran on Convex itself.`,
    machine(),
    goals,
    ...(missed.length === 0 ? [] : ["What limits those that were missed:", missed.join("\n")]),
    ...done.map(({ title, report }) => sectionText(title, report)),
    "## Versions",
    packages(),
  ].join("\n\n");
  return { text: `${text}\n`, goals };
};
