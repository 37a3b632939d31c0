/** How a section hands over what it has measured. */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { show } from "./numbers";
import type { Value } from "./page";

/** Whether to measure briefly: to see that everything runs, not to compare. */
export const isQuick = process.argv.includes("--quick");

/** On what machine a section was measured, when, and how busy it was. */
const machine = (): string =>
  `Measured on ${String(os.availableParallelism())} cores (${(os.cpus()[0]?.model ?? "unknown").trim()}), ` +
  `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, ${os.type()} ${os.arch()}, Node ${process.versions.node}, ` +
  `load ${show(os.loadavg()[0] ?? NaN)} at the end, ${new Date().toISOString().slice(0, 10)}.`;

/**
 * Ends a section: timers of convex-test, thread pools and peers may otherwise keep the process alive.
 *
 * @param values - for the places of bench/page.md that begin with the section's name.
 */
export const report = (values: Readonly<Record<string, Value>>): never => {
  const text = JSON.stringify({ ...values, measured: machine() }, null, 2);
  writeFileSync(process.argv[2] ?? "", `${text}\n`);
  process.exit(0);
};
