/** An isolate, Request in, Response out: what a server costs beside its tools. */
import { isMainThread } from "node:worker_threads";
import { percent, show, spread } from "../lib/numbers";
import { compared, ranked, ratioTo, SURE, type Rates } from "../lib/ranking";
import { isQuick, report, type Table } from "../lib/report";
import { inRounds } from "../lib/rounds";
import { isolateOf, serveBatches, type Batch, type Race } from "../race/isolate";
import { guarded, open, peers, racers, withHmac, type Racer } from "../race/servers";

const [LAPS, ROUNDS, MS, WARM_MS] = isQuick ? [1, 2, 40, 100] : [2, 6, 40, 600];

const races: readonly Race[] = [
  { method: "tools/call", tools: 2 },
  { method: "tools/call", tools: 200 },
  { method: "tools/list", tools: 2 },
  { method: "tools/list", tools: 200 },
];

/** All rounds of both, as of one race. */
const joined = (one: Rates | undefined, other: Rates): Rates =>
  new Map([...other].map(([name, rounds]) => [name, [...(one?.get(name) ?? []), ...rounds]]));

/** Some rounds of all races. Many short ones tell more than a few long ones: what is compared is who is ahead within a round. */
const lap = async (): Promise<Rates[]> => {
  const isolates = racers.map(({ name }) => [name, isolateOf(name)] as const);
  const each = (batch: Batch) =>
    new Map(isolates.map(([name, { rate }]) => [name, () => rate(batch)]));
  const rates: Rates[] = [];
  for (const race of races) {
    await inRounds(each({ ...race, ms: WARM_MS }), (rounds) => rounds < 1);
    rates.push(await inRounds(each({ ...race, ms: MS }), (rounds) => rounds < ROUNDS));
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
  /** What the slower era is in each race: with keys, of the floor that checks and takes an HMAC; without, of the best peer. */
  const [toFloor, toBest]: [number[], number[]] = [[], []];
  let [pairs, same, reversed] = [0, 0, 0];
  const tables = races.map(({ method, tools }, at): Table => {
    const [one, other] = [first[at]!, second[at]!];
    const told = compared(one, other);
    [pairs, same, reversed] = [pairs + told[0], same + told[1], reversed + told[2]];
    const rates = joined(one, other);
    const ratio = (mine: Racer, base: Racer): number => ratioTo(rates, mine.name, base.name);
    toFloor.push(Math.min(...guarded.map((mine, era) => ratio(mine, withHmac[era]!))));
    toBest.push(Math.min(...open.flatMap((mine) => peers.map((peer) => ratio(mine, peer)))));
    return {
      title: `${method}, ${String(tools)} tools`,
      head: ["server", "place", "per second", "of the first floor"],
      rows: ranked(rates).map((row) => [
        ...[row.name, row.place, spread(rates.get(row.name)!), percent(row.ratio)],
      ]),
    };
  });
  report({
    title: "In one isolate, without a database",
    method: [
      "Every server is a function from Request to Response in an isolate of its own; each call makes its Request and reads and checks its answer, JSON or an event stream. One call at a time in all, as an isolate of Convex runs one request at a time.",
      `Two runs of ${String(LAPS)} laps, each with isolates of its own and, of each race, ${String(ROUNDS)} interleaved rounds of ${String(MS)} ms, in each another order; medians (lowest to highest). Before the rounds of a race ${String(WARM_MS)} ms for each server, and before each batch a quarter of one, to warm up; a share is the median of the shares in each round.`,
      `Servers share a place unless the first of it was ahead of them in ${percent(SURE)} of the rounds. What Linux gave to other processes while a server was ready to run is taken off all times.`,
      "Toolgate's database is a stub that answers from memory what its internal functions would answer, and checks the arguments as they would; all that runs in its HTTP action is real.",
      "No peer has API keys, so Toolgate runs twice: without its keys, to be compared with the peers, and whole. Each is judged by the slower of its two eras. Servers that wrap an official SDK, such as mcp-handler, @hono/mcp and agents, add to what it does, and are left out.",
      "The floor checks nothing, neither the message nor the arguments. The least server with tokens takes a SHA-256 of the token and asks the same stub twice, whose it is and for the tool, and checks nothing else. The floor that checks is as hand-written, and does what a server must that trusts nobody: byte cap, media type, Origin, strict UTF-8, no duplicate member and no `__proto__`, JSON-RPC's shape, the headers of each era, arguments, and two calls of the same stub.",
      "In Node every WebCrypto operation is a job of a thread pool; on Convex it runs at once, in the isolate (convex-backend, `udf-runtime/src/00_crypto.ts`, `isolate/src/ops/subtle_crypto`). So SHA-256 and HMAC run at once here too, for all servers.",
      "A list is read to its end: Toolgate sends pages of 250, the others everything at once.",
    ],
    tables,
    findings: [
      `Of ${show(pairs)} pairs of servers the two runs tell ${show(same)} apart in the same way, and ${reversed === 0 ? "none" : show(reversed)} the other way round; the others share a place in one run at least.`,
    ],
    figures: {
      "in process": {
        shown:
          `with keys ${range(toFloor, percent)} of the floor that checks and takes an HMAC; ` +
          `without ${range(toBest, show)} × the best peer`,
        met: Math.min(...toFloor) >= 0.75 && Math.min(...toBest) > 1,
      },
    },
  });
};

// The same file runs in the isolate of each server.
if (isMainThread) await all();
else serveBatches();
