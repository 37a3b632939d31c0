/** docs/benchmarks.md, whole: each goal with its figure, and all sections. */
import { goals } from "./goals";
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

/** Goal by goal: what was measured and whether that is enough. @throws Error if one was not measured. */
const judge = (done: readonly Done[]) => {
  const figures = new Map(done.flatMap(({ report }) => Object.entries(report.figures ?? {})));
  return goals.map((goal): (typeof goals)[number] & Figure => {
    const figure = figures.get(goal.figure);
    if (figure === undefined) throw new Error(`Nobody measured ${goal.figure}`);
    return { ...goal, ...figure };
  });
};

/** The table of goals, as markdown. */
export const goalsText = (done: readonly Done[]): string =>
  tableText({
    title: "Goals",
    head: ["what", "goal", "measured", "reached", "red at 1.1 × of today"],
    rows: judge(done).map(({ what, number, shown, met, check = "" }) => [
      ...[what, number, shown, met ? "yes" : "**missed**", check],
    ]),
  });

export const pageOf = (done: readonly Done[]): string => {
  const missed = judge(done).filter(({ met }) => !met);
  const limits = missed.map(({ what, limit = "not looked into" }) => `- ${what}: ${limit}`);
  const text = [
    "# Benchmarks",
    "`npm run bench` writes this page. Compare the numbers of a section with each other, not with those of another machine. Nothing here ran on Convex itself.",
    goalsText(done),
    ...(limits.length === 0 ? [] : ["What limits those that were missed:", limits.join("\n")]),
    ...done.flatMap(({ title, report, measured }) => [sectionText(title, report), measured]),
    "## Versions",
    packages(),
  ];
  return `${text.join("\n\n")}\n`;
};
