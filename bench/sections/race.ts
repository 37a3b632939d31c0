/** An isolate, Request in, Response out: what a server costs beside its tools. */
import { isMainThread } from "node:worker_threads";
import manifest from "../package.json";
import { percent, show, spread } from "../lib/numbers";
import { compared, ranked, ratioTo, SURE, type Rates } from "../lib/ranking";
import { isQuick, report } from "../lib/report";
import { inRounds } from "../lib/rounds";
import { isolateOf, serveBatches, type Race } from "../race/isolate";
import { guarded, open, peers, racers, withHmac, type Racer } from "../race/servers";

const [LAPS, ROUNDS, MS, WARM_MS] = isQuick ? [1, 2, 40, 100] : [2, 4, 120, 600];

const races: readonly Race[] = [
  { method: "tools/call", tools: 2 },
  { method: "tools/call", tools: 200 },
  { method: "tools/list", tools: 2 },
  { method: "tools/list", tools: 200 },
];

/** All rounds of both, as of one race. */
const joined = (one: Rates | undefined, other: Rates): Rates =>
  new Map([...other].map(([name, rounds]) => [name, [...(one?.get(name) ?? []), ...rounds]]));

type Isolates = readonly (readonly [name: string, isolate: ReturnType<typeof isolateOf>])[];

/** Two at a time, as the machine has so many cores: nobody's time is taken yet. */
const warmUp = async (isolates: Isolates, race: Race): Promise<void> => {
  const batch = { ...race, ms: WARM_MS };
  for (let at = 0; at < isolates.length; at += 2)
    await Promise.all(isolates.slice(at, at + 2).map(([, { rate }]) => rate(batch)));
};

/** Some rounds of all races. A batch is so long that the caches which others have filled meanwhile are a small part of it. */
const lap = async (): Promise<Rates[]> => {
  const isolates = racers.map(({ name }) => [name, isolateOf(name)] as const);
  const rates: Rates[] = [];
  for (const race of races) {
    await warmUp(isolates, race);
    const batch = { ...race, ms: MS };
    const tasks = new Map(isolates.map(([name, { rate }]) => [name, () => rate(batch)]));
    rates.push(await inRounds(tasks, (rounds) => rounds < ROUNDS));
  }
  for (const [, { end }] of isolates) await end();
  return rates;
};

/** What V8 makes of a server differs from isolate to isolate, and lasts as long as one. So each lap has new ones. */
const run = async (): Promise<Rates[]> => {
  let rates: Rates[] = [];
  for (let count = 0; count < LAPS; count++)
    rates = (await lap()).map((more, at) => joined(rates[at], more));
  return rates;
};

/** From the worst to the best of all races. */
const range = (values: readonly number[], text: (value: number) => string): string =>
  `${text(Math.min(...values))} to ${text(Math.max(...values))}`;

const all = async (): Promise<void> => {
  const [first, second] = [await run(), await run()];
  /** What the slower era is in each race: with keys, of the floor that checks and takes an HMAC; without, of the best peer that checks. */
  const [toFloor, toBest]: [number[], number[]] = [[], []];
  let [pairs, same, reversed] = [0, 0, 0];
  const tables = races.map(({ method, tools }, at) => {
    const [one, other] = [first[at]!, second[at]!];
    const told = compared(one, other);
    [pairs, same, reversed] = [pairs + told[0], same + told[1], reversed + told[2]];
    const rates = joined(one, other);
    const ratio = (mine: Racer, base: Racer): number => ratioTo(rates, mine.name, base.name);
    toFloor.push(Math.min(...guarded.map((mine, era) => ratio(mine, withHmac[era]!))));
    toBest.push(Math.min(...open.flatMap((mine) => peers.map((peer) => ratio(mine, peer)))));
    const rows = ranked(rates).map((row) => [
      ...[row.name, row.place, spread(rates.get(row.name)!), percent(row.ratio)],
    ]);
    return [`${method}, ${String(tools)} tools`, rows] as const;
  });
  report({
    ...{ laps: LAPS, rounds: ROUNDS, ms: MS, "warm-up": WARM_MS, sure: percent(SURE) },
    versions: Object.entries(manifest.devDependencies)
      .map((one) => one.join(" "))
      .join(", "),
    ...{ pairs, same, reversed, ...Object.fromEntries(tables) },
    "in process": {
      shown:
        `with keys ${range(toFloor, percent)} of the floor that checks and takes an HMAC; ` +
        `without ${range(toBest, show)} × the best of these peers`,
      met: Math.min(...toFloor) >= 0.75 && Math.min(...toBest) > 1,
    },
  });
};

// The same file runs in the isolate of each server.
if (isMainThread) await all();
else serveBatches();
