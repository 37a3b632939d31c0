/**
 * A clock that stands still while the machine is busy with others: the time in which its thread was ready and
 * waited for a core is taken off. What it waits for by itself, such as a timer or another thread, counts.
 *
 * @see Linux, Documentation/scheduler/sched-stats.rst
 */
import { readFileSync } from "node:fs";

/** Nanoseconds on a core, nanoseconds of waiting for one, and the number of turns. */
const STATISTICS = "/proc/thread-self/schedstat";

/** In milliseconds, since the start. */
const waited = (): number => {
  try {
    const [, waiting] = readFileSync(STATISTICS, "latin1").split(" ");
    return Number(waiting) / 1e6;
  } catch {
    // Only Linux tells.
    return 0;
  }
};

/** Milliseconds. Reading it takes some tens of microseconds. */
export const now = (): number => {
  for (;;) {
    const before = waited();
    const wall = performance.now();
    // Else it has waited between the two readings, and they do not belong together.
    if (waited() === before) return wall - before;
  }
};
