/**
 * A clock that stands still while the machine is busy with others: the time in which its thread was ready and waited for a core is
 * taken off. What it waits for by itself, such as a timer or another thread, counts.
 *
 * @see Linux, Documentation/scheduler/sched-stats.rst
 */
import { existsSync, openSync, readSync } from "node:fs";

/** Of the thread that opens it: nanoseconds on a core and of waiting for one, and the number of turns. Only Linux tells. */
const STATISTICS = "/proc/thread-self/schedstat";
const file = existsSync(STATISTICS) ? openSync(STATISTICS, "r") : undefined;
const text = Buffer.alloc(100);

/** In milliseconds, since the start. */
const waited = (): number => {
  if (file === undefined) return 0;
  const size = readSync(file, text, 0, text.length, 0);
  return Number(text.toString("latin1", 0, size).split(" ")[1]) / 1e6;
};

/** Milliseconds. Reading it takes some microseconds. */
export const now = (): number => {
  for (;;) {
    const before = waited();
    const wall = performance.now();
    // Else it has waited between the two readings, and they do not belong together.
    if (waited() === before) return wall - before;
  }
};
