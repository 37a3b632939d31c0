/** Medians, since a shared machine has outliers on both sides; and how numbers are shown. */

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The value that `share` of all values do not exceed. */
export const quantile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.ceil(share * values.length) - 1] ?? NaN;

export const median = (values: readonly number[]): number => {
  const [low = NaN, high = low] = sorted(values).slice((values.length - 1) >> 1);
  return values.length % 2 === 1 ? low : (low + high) / 2;
};

/** The median of what each is of its counterpart. */
export const ratio = (values: readonly number[], bases: readonly number[]): number =>
  median(values.map((value, at) => value / (bases[at] ?? NaN)));

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
  const share = sum(counts) / all;
  const scattered = sum(counts.map((count) => (count / size - share) ** 2));
  const alone = share * (1 - share);
  const effect = alone === 0 ? 1 : Math.max(1, (scattered / (counts.length - 1) / alone) * size);
  const worth = all / effect;
  const middle = share + Z ** 2 / (2 * worth);
  const half = Z * Math.sqrt(alone / worth + (Z / (2 * worth)) ** 2);
  return (middle + half) / (1 + Z ** 2 / worth);
};

export const show = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value >= 100 ? 0 : value >= 10 ? 1 : 2 });

export const times = (value: number): string => `${show(value)} ×`;

export const percent = (share: number, fraction = 0): string =>
  `${(100 * share).toFixed(fraction)} %`;

/** `median (lowest to highest)`. */
export const spread = (values: readonly number[]): string =>
  `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
