/** How a race ended for Toolgate. */
import { show } from "./markdown";
import type { Rates } from "./race";
import { ratioTo } from "./ranking";
import type { Figure } from "./report";

/** Names of the runners to judge by. Of those with several eras all: a goal is met by all of them or by none. */
export interface Field {
  readonly bare: readonly string[];
  readonly guarded: readonly string[];
  readonly peers: readonly string[];
  /** Those of the peers that look at neither the message nor the arguments. */
  readonly unchecked: readonly string[];
  readonly floor: string;
  readonly floorWithKey: string;
  /** Era by era, as those that are judged by them. */
  readonly checking: readonly string[];
  readonly checkingWithKey: readonly string[];
}

export interface Judged {
  readonly title: string;
  readonly best: string;
  /** Times the best peer; without keys, since no peer has any. */
  readonly ahead: number;
  /** Times the best of those that check what they get. */
  readonly aheadOfChecking: number;
  /** Shares of the floors, without and with keys. */
  readonly bare: number;
  readonly guarded: number;
  /** Shares of the floors that check. */
  readonly bareChecked: number;
  readonly guardedChecked: number;
}

export const judge = (title: string, rates: Rates, field: Field): Judged => {
  const ratio = (name: string) => ratioTo(rates, name, field.floor);
  const bestOf = (names: readonly string[]) =>
    names.reduce((a, b) => (ratio(a) >= ratio(b) ? a : b));
  const best = bestOf(field.peers);
  const checks = bestOf(field.peers.filter((name) => !field.unchecked.includes(name)));
  const least = (names: readonly string[], base: (index: number) => string) =>
    Math.min(...names.map((name, index) => ratioTo(rates, name, base(index))));
  return {
    ...{ title, best },
    ahead: least(field.bare, () => best),
    aheadOfChecking: least(field.bare, () => checks),
    bare: least(field.bare, () => field.floor),
    guarded: least(field.guarded, () => field.floorWithKey),
    bareChecked: least(field.bare, (index) => field.checking[index] ?? ""),
    guardedChecked: least(field.guarded, (index) => field.checkingWithKey[index] ?? ""),
  };
};

export const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

/** From the worst to the best of all races. */
const range = (values: readonly number[], text: (value: number) => string): string =>
  `${text(Math.min(...values))} to ${text(Math.max(...values))}`;

export const judgedFigure = (all: readonly Judged[]): Figure => {
  const share = (field: Exclude<keyof Judged, "title" | "best">, text = percent) =>
    range(
      all.map((one) => one[field]),
      text,
    );
  return {
    shown:
      `with keys ${share("guardedChecked")} of the floor that checks and takes an HMAC; ` +
      `without ${share("aheadOfChecking", show)} × the best peer that checks, ${share("ahead", show)} × the best`,
    met: all.every(
      ({ aheadOfChecking, guardedChecked }) => aheadOfChecking > 1 && guardedChecked >= 0.75,
    ),
  };
};

export const judgedText = (one: Judged): string =>
  `${one.title}: ${show(one.ahead)} × ${one.best}, ${percent(one.bare)} of the floor, ${percent(one.bareChecked)} of the floor that checks; ` +
  `with keys ${percent(one.guarded)} and ${percent(one.guardedChecked)} of the same with a key.`;
