/**
 * Who is ahead of whom. Servers are compared within each round, since what slows a round slows all that run in it, and what is
 * not so in nearly all rounds is not said at all.
 */
import type { Rates } from "./race";
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
}

const byRatio = (rates: Rates): string[] => {
  const [base = ""] = rates.keys();
  const ratios = new Map([...rates.keys()].map((name) => [name, ratioTo(rates, name, base)]));
  return [...rates.keys()].sort((a, b) => (ratios.get(b) ?? 0) - (ratios.get(a) ?? 0));
};

/** Fastest first. Servers share a place unless the first of it was ahead of them. */
export const ranked = (rates: Rates): Ranked[] => {
  const names = byRatio(rates);
  let [place, first = ""] = [1, names[0]];
  return names.map((name, at) => {
    if (isAhead(rates, first, name)) [place, first] = [at + 1, name];
    return { name, place };
  });
};

/** What two halves of a race say of the pairs of servers. */
export interface Agreement {
  readonly pairs: number;
  /** Both halves tell the two apart, and say the same. */
  readonly same: number;
  /** Both tell them apart, and the other way round: `a, b`. */
  readonly reversed: readonly string[];
}

/** Every second round, as a race of its own. */
const half = (rates: Rates, parity: 0 | 1): Rates =>
  new Map(
    [...rates].map(([name, all]) => [name, all.filter((_rate, round) => round % 2 === parity)]),
  );

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((a, index) => names.slice(index + 1).map((b): [string, string] => [a, b]));

/** Splits the rounds of one race into two and compares what they say. */
export const agreement = (rates: Rates): Agreement => {
  const halves = [half(rates, 0), half(rates, 1)] as const;
  const pairs = pairsOf([...rates.keys()]);
  const both = (a: string, b: string) => halves.every((one) => isAhead(one, a, b));
  const contrary = (a: string, b: string) => isAhead(halves[0], a, b) && isAhead(halves[1], b, a);
  return {
    pairs: pairs.length,
    same: pairs.filter(([a, b]) => both(a, b) || both(b, a)).length,
    reversed: pairs
      .filter(([a, b]) => contrary(a, b) || contrary(b, a))
      .map(([a, b]) => `${a} and ${b}`),
  };
};

/** What the halves of several races say of each other. */
export const agreementText = (all: readonly Agreement[]): string => {
  const sum = (of: (one: Agreement) => number) => all.reduce((total, one) => total + of(one), 0);
  const [same, pairs] = [sum((one) => one.same), sum((one) => one.pairs)];
  const reversed = sum((one) => one.reversed.length);
  return `Of ${pairs.toLocaleString("en")} pairs of servers both halves of the rounds tell ${same.toLocaleString("en")} apart, and ${reversed === 0 ? "none" : reversed.toLocaleString("en")} the other way round.`;
};
