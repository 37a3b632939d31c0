/** docs/benchmarks.md, whole. */
import { goalsTable, limits } from "./goals";
import { packages } from "./machine";
import { sectionText, tableText } from "./markdown";
import type { Figure, Report } from "./report";

/** A section as it was measured last. */
export interface Done {
  readonly title: string;
  readonly report: Report;
  /** When, on what machine and how busy it was. */
  readonly measured: string;
}

export const pageOf = (done: readonly Done[]): { text: string; goals: string } => {
  const figures: Readonly<Record<string, Figure>> = Object.assign(
    {},
    ...done.map(({ report }) => report.figures ?? {}),
  );
  const goals = tableText(goalsTable(figures));
  const missed = limits(figures);
  const text = [
    "# Benchmarks",
    "`npm run bench` writes this page. Compare the numbers of a section with each other, not with those of another machine. Nothing here ran on Convex itself.",
    goals,
    ...(missed.length === 0 ? [] : ["What limits those that were missed:", missed.join("\n")]),
    ...done.flatMap(({ title, report, measured }) => [sectionText(title, report), measured]),
    "## Versions",
    packages(),
  ].join("\n\n");
  return { text: `${text}\n`, goals };
};
