/** Numbers from 0 to 1 that are the same in every run, so that two runs of a simulation can be compared (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const random = seeded(1);

/** In another order each time. */
export const shuffled = <T>(items: readonly T[]): T[] => {
  const placed = items.map((item) => [random(), item] as const);
  return placed.sort(([a], [b]) => a - b).map(([, item]) => item);
};
