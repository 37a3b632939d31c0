/**
 * Who is ahead of whom. Servers are compared within each round, since what slows a round slows all that run in it, and what is
 * not so in nearly all rounds is not said at all.
 */
import { ratio } from "./numbers";
import type { Rounds } from "./rounds";

/** Calls per second. */
export type Rates = Rounds<number>;

/** In how many of the rounds one must be ahead of another to be called faster. */
export const SURE = 0.9;

const rounds = (rates: Rates, name: string): readonly number[] => rates.get(name) ?? [];

/** How many times as fast as `base` it is. */
export const ratioTo = (rates: Rates, name: string, base: string): number =>
  ratio(rounds(rates, name), rounds(rates, base));

const isAhead = (rates: Rates, name: string, other: string): boolean => {
  const [mine, theirs] = [rounds(rates, name), rounds(rates, other)];
  const won = mine.filter((rate, round) => rate > (theirs[round] ?? NaN)).length;
  return won >= SURE * mine.length;
};

/** Fastest first, with what each is to the first that was raced. Servers share a place unless the first of it was ahead of them. */
export const ranked = (rates: Rates) => {
  const names = [...rates.keys()];
  const sorted = names
    .map((name) => ({ name, ratio: ratioTo(rates, name, names[0] ?? "") }))
    .sort((a, b) => b.ratio - a.ratio);
  let [place, first = ""] = [1, sorted[0]?.name];
  return sorted.map((one, at) => {
    if (isAhead(rates, first, one.name)) [place, first] = [at + 1, one.name];
    return { ...one, place };
  });
};

/** All pairs of servers, those that two runs both tell apart, and those of them that they tell apart the other way round. */
export const compared = (one: Rates, other: Rates): readonly [number, number, number] => {
  const names = [...one.keys()];
  const pairs = names.flatMap((a) => names.map((b) => [a, b] as const));
  const ahead = pairs.filter(([a, b]) => isAhead(one, a, b));
  return [
    (names.length * (names.length - 1)) / 2,
    ahead.filter(([a, b]) => isAhead(other, a, b)).length,
    ahead.filter(([a, b]) => isAhead(other, b, a)).length,
  ];
};
