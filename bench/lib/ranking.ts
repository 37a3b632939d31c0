/**
 * Who is ahead of whom. Servers are compared within each round, since what slows a round slows all that run in it, and what is
 * not so in nearly all rounds is not said at all.
 */
import type { Rates } from "./interleaved";
import { median } from "./stats";

/** In how many of the rounds one must be ahead of another to be called faster. */
export const SURE = 0.9;

const rounds = (rates: Rates, name: string): readonly number[] => rates.get(name) ?? [];

/** How many times as fast as `base` it is: the median of what it is in each round. */
export const ratioTo = (rates: Rates, name: string, base: string): number => {
  const bases = rounds(rates, base);
  return median(rounds(rates, name).map((rate, round) => rate / (bases[round] ?? NaN)));
};

const isAhead = (rates: Rates, name: string, other: string): boolean => {
  const [mine, theirs] = [rounds(rates, name), rounds(rates, other)];
  const won = mine.filter((rate, round) => rate > (theirs[round] ?? NaN)).length;
  return won >= SURE * mine.length;
};

export interface Ranked {
  readonly name: string;
  readonly place: number;
  /** To the first that was raced. */
  readonly ratio: number;
}

/** Fastest first. Servers share a place unless the first of it was ahead of them. */
export const ranked = (rates: Rates): Ranked[] => {
  const [base = ""] = rates.keys();
  const sorted = [...rates.keys()]
    .map((name) => ({ name, ratio: ratioTo(rates, name, base) }))
    .sort((a, b) => b.ratio - a.ratio);
  let [place, first = ""] = [1, sorted[0]?.name];
  return sorted.map(({ name, ratio }, at) => {
    if (isAhead(rates, first, name)) [place, first] = [at + 1, name];
    return { name, place, ratio };
  });
};

/** The pairs of servers that two runs both tell apart, and those of them that they tell apart the other way round. */
export const compared = (one: Rates, other: Rates) => {
  const names = [...one.keys()];
  const pairs = names.flatMap((a) => names.map((b) => [a, b] as const));
  const ahead = pairs.filter(([a, b]) => isAhead(one, a, b));
  return {
    same: ahead.filter(([a, b]) => isAhead(other, a, b)).length,
    reversed: ahead.filter(([a, b]) => isAhead(other, b, a)).length,
  };
};
