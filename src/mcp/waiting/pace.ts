/** How often a request that stays open looks. Each look is a billed call, which Convex answers from its cache. */

/** Says how many milliseconds to wait until the next look, by those waited so far, and those since something moved. */
export type Pause = (waitedMs: number, quietMs: number) => number;

/** As long as this nothing may move until what is waited for counts as quiet, in milliseconds. */
const MOVING_MS = 12_000;

/**
 * The pause of a request that waits for work: 0.1 s at first, so that a short job is noticed at once, then a quarter of the time waited, and
 * 1 s at most while something moves. What is quiet is looked at less often, every 5 s in the end. In a job of which nothing is heard this
 * gives 33 looks in 50 s, and 79 in 280 s.
 */
export const workPause: Pause = (waitedMs, quietMs) => {
  const most = quietMs < MOVING_MS ? 1_000 : Math.min(5_000, quietMs / 4);
  return Math.min(most, Math.max(100, waitedMs / 4));
};

/**
 * Makes a function that says the pause after a look.
 *
 * @param markOf - a value of what was seen that changes when something moves.
 */
export const pacer = <Seen>(
  pause: Pause,
  markOf: (seen: Seen) => unknown,
): ((seen: Seen | undefined) => number) => {
  const startedAt = Date.now();
  let movedAt = startedAt;
  let mark: unknown;
  return (seen) => {
    const now = Date.now();
    const next = seen === undefined ? mark : markOf(seen);
    if (next !== mark) [mark, movedAt] = [next, now];
    return pause(now - startedAt, now - movedAt);
  };
};
