/** Medians, since a shared machine has outliers on both sides. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spread = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = sorted.length >> 1;
  return {
    median: sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
};

export const median = (values: readonly number[]): number => spread(values).median;

/** The value that `share` of all values do not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;

/** Of the normal distribution: 95 % of all values lie within so many standard deviations. */
const Z = 1.96;

/**
 * The upper end of the 95 % interval of a share that was sampled in groups of one size, such as the calls of a burst, which fare alike
 * more often than calls of different bursts: Wilson's interval, for as many independent values as they are worth (Kish's design effect).
 *
 * @param counts - how many of each group.
 */
export const upperEnd = (counts: readonly number[], size: number): number => {
  const all = counts.length * size;
  const share = counts.reduce((sum, count) => sum + count, 0) / all;
  const scattered = counts.reduce((sum, count) => sum + (count / size - share) ** 2, 0);
  const alone = share * (1 - share);
  const effect = alone === 0 ? 1 : Math.max(1, (scattered / (counts.length - 1) / alone) * size);
  const worth = all / effect;
  const middle = share + Z ** 2 / (2 * worth);
  const half = Z * Math.sqrt(alone / worth + (Z / (2 * worth)) ** 2);
  return (middle + half) / (1 + Z ** 2 / worth);
};
