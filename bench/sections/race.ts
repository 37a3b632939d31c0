/** One process, Request in, Response out: what a server costs beside its tools. */
import { setImmediate } from "node:timers/promises";
import { now } from "../lib/clock";
import { useConvexCrypto } from "../lib/convexCrypto";
import { initOf, type Era } from "../lib/mcpRequest";
import { percent, show, spread } from "../lib/numbers";
import { compared, ranked, ratioTo, SURE, type Rates } from "../lib/ranking";
import { isQuick, report, type Table } from "../lib/report";
import { inRounds } from "../lib/rounds";
import { checkingFloor } from "../peers/checkingFloor";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { mcpLite } from "../peers/mcpLite";
import { plain, type Peer } from "../peers/peer";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { tokenFloor } from "../peers/tokenFloor";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { withKey } from "../peers/withKey";

useConvexCrypto();

const checkingFloorWithKey = withKey("floor that checks, with an HMAC of the key", checkingFloor);
const floors = [floor, tokenFloor, checkingFloor, checkingFloorWithKey];
const peers = [fastmcpEdge, mcpLite, tmcp, sdkServer];
const servers = [...floors, toolgateWithoutKeys, toolgate, ...peers];

const nameOf = ({ name, eras }: Peer, era: Era) => (eras.length > 1 ? `${name}, ${era}` : name);

/** A client of a server. */
type Send = (method: string, params?: Record<string, unknown>) => Promise<string>;

/** Rejects if the answer is wrong. */
type Once = (send: Send, peer: Peer, last: string) => Promise<void>;

const found = (text: string, expected: string): void => {
  if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
};

let calls = 0;

const callOnce: Once = async (send, { answer = plain }, name) => {
  const a = ++calls;
  found(await send("tools/call", { name, arguments: { a, b: 1 } }), answer(a + 1));
};

/** A list is read to its end, whatever the size of its pages. */
const listOnce: Once = async (send, _peer, last) => {
  let text = await send("tools/list");
  for (let next = /"nextCursor":"([^"]+)"/.exec(text); next;) {
    text = await send("tools/list", { cursor: next[1] });
    next = /"nextCursor":"([^"]+)"/.exec(text);
  }
  found(text, `"name":"${last}"`);
};

type Call = () => Promise<void>;

const callsOf = async (once: Once, tools: readonly string[]): Promise<Map<string, Call>> => {
  const made = new Map<string, Call>();
  for (const peer of servers) {
    for (const era of peer.eras) {
      const serve = await peer.serve(tools);
      const send: Send = async (method, params) => {
        const init = initOf({ era, method, key: peer.key, ...(params && { params }) });
        const response = await serve(new Request("http://localhost/mcp", init));
        if (response.status !== 200) throw new Error(await response.text());
        return response.text();
      };
      // Once; in the race a look at the end of a list has to do.
      found(await send("tools/list"), '"required":["a","b"]');
      made.set(nameOf(peer, era), () => once(send, peer, tools.at(-1) ?? ""));
    }
  }
  return made;
};

/** Calls per second over so many milliseconds. */
const rateOf = async (call: Call, batch: number): Promise<number> => {
  // What a server makes at its first call is no part of what a call costs, nor what V8 forgot of its code while others ran.
  const warm = performance.now() + batch / 2;
  do await call();
  while (performance.now() < warm);
  // What weak references point to can be let go of only between the turns of the event loop, and some servers need none.
  await setImmediate();
  // The garbage of the one before is not its own. A whole collection takes longer than a batch, so there is one for a round.
  globalThis.gc?.({ type: "minor" });
  const [end, start] = [performance.now() + batch, now()];
  let count = 0;
  // At least once, even if the machine gave all of the batch to others.
  do {
    await call();
    count++;
  } while (performance.now() < end);
  return (count / (now() - start)) * 1000;
};

const [RUNS, ROUNDS, BATCH] = [2, isQuick ? 2 : 12, 30];

/** Many short rounds tell more than a few long ones: what is compared is who is ahead within a round. */
const run = async (made: ReadonlyMap<string, Call>): Promise<Rates> => {
  const batches = (length: number) =>
    new Map([...made].map(([name, call]) => [name, () => rateOf(call, length)]));
  await inRounds(batches(3 * BATCH), (rounds) => rounds < 1);
  return inRounds(batches(BATCH), (rounds) => rounds < ROUNDS);
};

/** All rounds of all runs, as of one race. */
const joined = (runs: readonly Rates[]): Rates =>
  new Map(
    [...(runs[0]?.keys() ?? [])].map((name) => [name, runs.flatMap((one) => one.get(name) ?? [])]),
  );

/** The slower era counts: how fast it is as each of what it is compared with, in the least. */
const least = (rates: Rates, peer: Peer, base: (era: Era) => string): number =>
  Math.min(...peer.eras.map((era) => ratioTo(rates, nameOf(peer, era), base(era))));

const bestPeer = (rates: Rates): string => {
  const names = peers.flatMap((peer) => peer.eras.map((era) => nameOf(peer, era)));
  return ranked(rates).find(({ name }) => names.includes(name))?.name ?? "";
};

/** What each race says: to the floor that checks and takes an HMAC, with keys; and to the best peer, without, since none has any. */
const [toFloor, toBest]: [number[], number[]] = [[], []];
/** Pairs of servers, those that the runs tell apart, and those the other way round. */
const told = [0, 0, 0];

const tables: Table[] = [];
const races = { "tools/call": callOnce, "tools/list": listOnce };
for (const [method, once] of Object.entries(races)) {
  for (const count of [2, 200]) {
    const names = Array.from({ length: count }, (_, at) => `add_${String(at).padStart(4, "0")}`);
    const made = await callsOf(once, names);
    const runs: Rates[] = [];
    for (let at = 0; at < RUNS; at++) runs.push(await run(made));
    const [one = new Map(), other = new Map()] = runs;
    for (const [at, pairs] of compared(one, other).entries()) told[at] = (told[at] ?? 0) + pairs;
    const rates = joined(runs);
    const best = bestPeer(rates);
    toFloor.push(least(rates, toolgate, (era) => nameOf(checkingFloorWithKey, era)));
    toBest.push(least(rates, toolgateWithoutKeys, () => best));
    tables.push({
      title: `${method}, ${String(count)} tools`,
      head: ["server", "place", "per second", "of the first floor"],
      rows: ranked(rates).map(({ name, place, ratio }) => [
        ...[name, place, spread(rates.get(name) ?? []), percent(ratio)],
      ]),
    });
  }
}

/** From the worst to the best of all races. */
const range = (values: readonly number[], text: (value: number) => string): string =>
  `${text(Math.min(...values))} to ${text(Math.max(...values))}`;

const [pairs = 0, same = 0, reversed = 0] = told;

report({
  title: "In one process, without a database",
  method: [
    "Every server is a function from Request to Response in one process; each call makes its Request and reads and checks its answer, JSON or an event stream. One call at a time, as an isolate of Convex runs one request at a time.",
    `Two runs, one after the other, of ${String(ROUNDS)} interleaved rounds of ${String(BATCH)} ms, in each another order; medians (lowest to highest). Before each run a longer round, and before each batch half of one, to warm up; a share is the median of the shares in each round.`,
    `Servers share a place unless the first of it was ahead of them in ${percent(SURE)} of the rounds. What Linux gave to other processes while this one was ready to run is taken off all times.`,
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
