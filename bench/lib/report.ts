/** What a section says, and how it hands that to the process that started it. */
import { writeFileSync } from "node:fs";

export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What was measured for a goal. */
export interface Figure {
  readonly shown: string;
  readonly met: boolean;
}

export interface Report {
  readonly title: string;
  /** Sentences before the tables: how it was measured. */
  readonly method: readonly string[];
  readonly tables: readonly Table[];
  /** Sentences after the tables: what follows from them. */
  readonly findings?: readonly string[];
  /** For the table of goals, by name. */
  readonly figures: Readonly<Record<string, Figure>>;
}

/** Whether to measure briefly: to see that everything runs, not to compare. */
export const isQuick = process.argv.includes("--quick");

/** Ends a section: timers of convex-test, thread pools and peers may otherwise keep the process alive. */
export const report = (result: Report): never => {
  writeFileSync(process.argv[2] ?? "", JSON.stringify(result));
  process.exit(0);
};
