/** Times, counted in classes: so a row of any number of calls stays small, and two can be added. */

/** The upper ends of the classes, in ms. One more class has all that is longer. */
const BOUNDS = [5, 10, 25, 50, 100, 250, 1_000, 5_000, 30_000, 120_000, 600_000];

/** For each class how many times fell into it; empty if none did. */
export type Times = readonly number[];

const NONE: Times = Array.from({ length: BOUNDS.length + 1 }, () => 0);

const classOf = (ms: number): number => {
  const at = BOUNDS.findIndex((bound) => ms <= bound);
  return at === -1 ? BOUNDS.length : at;
};

/** Counts one more time, in ms. */
export const withTime = (times: Times, ms: number): number[] => {
  const all = times.length === 0 ? NONE : times;
  return all.map((count, at) => (at === classOf(ms) ? count + 1 : count));
};

/** Adds what was counted in two places. */
export const bothTimes = (a: Times, b: Times): number[] => {
  if (a.length === 0 || b.length === 0) return [...a, ...b];
  return a.map((count, at) => count + (b[at] ?? 0));
};

/**
 * The time that a share of all did not exceed, to within its class: inside of a class, times count as spread evenly.
 *
 * @param share - such as 0.95.
 * @returns ms; undefined if no time was counted. What is longer than ten minutes counts as ten.
 */
export const percentile = (times: Times, share: number): number | undefined => {
  const total = times.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const wanted = share * total;
  let before = 0;
  for (const [at, count] of times.entries()) {
    const low = BOUNDS[at - 1] ?? 0;
    const high = BOUNDS[at] ?? low;
    if (count > 0 && before + count >= wanted)
      return Math.round(low + ((wanted - before) / count) * (high - low));
    before += count;
  }
  return undefined;
};

/** The members p50 and p95 of times; none if no time was counted. */
export const percentiles = (times: Times): { p50?: number; p95?: number } => {
  const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
  return p50 === undefined || p95 === undefined ? {} : { p50, p95 };
};
