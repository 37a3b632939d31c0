/** One process, Request in, Response out: what a server costs beside its tools. */
import { useConvexCrypto } from "../lib/convexCrypto";
import { percent, show, showSpread } from "../lib/markdown";
import { messageOf, requestOf, textOf, type Ask, type Era } from "../lib/mcpRequest";
import { race, type Call, type Rates, type Runner } from "../lib/interleaved";
import { compared, ranked, ratioTo, SURE } from "../lib/ranking";
import { isQuick, report, type Table } from "../lib/report";
import { spread } from "../lib/stats";
import { agents } from "../peers/agents";
import { checkingFloor } from "../peers/checkingFloor";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { honoMcp } from "../peers/honoMcp";
import { mcpHandler } from "../peers/mcpHandler";
import { mcpLite } from "../peers/mcpLite";
import { plain, toolNames, type Peer, type Serve } from "../peers/peer";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { tokenFloor } from "../peers/tokenFloor";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { withKey } from "../peers/withKey";

await useConvexCrypto();

const checkingFloorWithKey = withKey("floor that checks, with an HMAC of the key", checkingFloor);
const floors = [floor, tokenFloor, checkingFloor, checkingFloorWithKey];
const peers = [fastmcpEdge, mcpLite, tmcp, sdkServer, mcpHandler, honoMcp, agents];
const servers = [...floors, toolgateWithoutKeys, toolgate, ...peers];

const nameOf = ({ name, eras }: Peer, era: Era) => (eras.length > 1 ? `${name}, ${era}` : name);

let calls = 0;

const callOnce = (serve: Serve, { key, answer = plain }: Peer, era: Era, name: string): Call => {
  return async () => {
    const a = ++calls;
    const params = { name, arguments: { a, b: 1 } };
    const text = await textOf(await serve(requestOf({ era, method: "tools/call", params, key })));
    const expected = answer(a + 1);
    if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
  };
};

/** A list is read to its end, whatever the size of its pages. */
const listOnce = (serve: Serve, { key }: Peer, era: Era, last: string): Call => {
  return async () => {
    let ask: Ask = { era, method: "tools/list", key };
    for (;;) {
      const text = await textOf(await serve(requestOf(ask)));
      if (text.includes(`"name":"${last}"`)) return;
      const cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1];
      if (cursor === undefined) throw new Error(`no ${last} in ${text.slice(0, 300)}`);
      ask = { ...ask, params: { cursor } };
    }
  };
};

/** In what form a server answers: clients accept both. */
const forms = new Map<string, string>();

/** Checks a whole answer once; in the race a look at its text has to do. */
const checkList = async (serve: Serve, peer: Peer, era: Era): Promise<void> => {
  const response = await serve(requestOf({ era, method: "tools/list", key: peer.key }));
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  forms.set(nameOf(peer, era), isJson ? "JSON" : "SSE");
  const text = await textOf(response);
  const [tool] = messageOf(text).result?.tools as { inputSchema: { required: string[] } }[];
  if (tool?.inputSchema.required.join() !== "a,b") throw new Error(`bad list: ${text}`);
};

type Once = typeof callOnce;

const runnersOf = async (once: Once, tools: readonly string[]): Promise<Runner[]> => {
  const runners: Runner[] = [];
  for (const peer of servers) {
    for (const era of peer.eras) {
      const serve = await peer.serve(tools);
      await checkList(serve, peer, era);
      runners.push({ name: nameOf(peer, era), call: once(serve, peer, era, tools.at(-1) ?? "") });
    }
  }
  return runners;
};

const RUNS = 2;
const options = { rounds: isQuick ? 2 : 12, batch: 30 };

/** All rounds of all runs, as of one race. */
const joined = (runs: readonly Rates[]): Rates => {
  const names = [...(runs[0]?.keys() ?? [])];
  return new Map(names.map((name) => [name, runs.flatMap((run) => run.get(name) ?? [])]));
};

/** The slower era counts: how fast it is as each of what it is compared with, in the least. */
const least = (rates: Rates, peer: Peer, base: (era: Era) => string): number =>
  Math.min(...peer.eras.map((era) => ratioTo(rates, nameOf(peer, era), base(era))));

const bestPeer = (rates: Rates): string => {
  const names = peers.flatMap((peer) => peer.eras.map((era) => nameOf(peer, era)));
  return ranked(rates).find(({ name }) => names.includes(name))?.name ?? "";
};

/** What the goal asks for. */
interface Judged {
  /** To the floor that checks and takes an HMAC; with keys. */
  readonly toFloor: number;
  /** To the best peer; without keys, since no peer has any. */
  readonly toBest: number;
}

const judge = (rates: Rates): Judged => {
  const best = bestPeer(rates);
  return {
    toFloor: least(rates, toolgate, (era) => nameOf(checkingFloorWithKey, era)),
    toBest: least(rates, toolgateWithoutKeys, () => best),
  };
};

const all: Judged[] = [];
let [same, reversed, pairs] = [0, 0, 0];

const measure = async (method: string, once: Once, count: number): Promise<Table> => {
  const runners = await runnersOf(once, toolNames(count));
  const runs: Rates[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await race(runners, options));
  const found = compared(runs[0] ?? new Map(), runs[1] ?? new Map());
  [same, reversed] = [same + found.same, reversed + found.reversed];
  pairs += (runners.length * (runners.length - 1)) / 2;
  const rates = joined(runs);
  all.push(judge(rates));
  return {
    title: `${method}, ${String(count)} tools`,
    head: ["server", "answers", "place", "per second", "of the first floor"],
    rows: ranked(rates).map(({ name, place, ratio }) => [
      ...[name, forms.get(name) ?? "", place, showSpread(spread(rates.get(name) ?? []))],
      percent(ratio),
    ]),
  };
};

const tables: Table[] = [];
for (const count of [2, 200]) tables.push(await measure("tools/call", callOnce, count));
for (const count of [2, 200]) tables.push(await measure("tools/list", listOnce, count));

/** From the worst to the best of all races. */
const range = (of: (one: Judged) => number, text: (value: number) => string): string =>
  `${text(Math.min(...all.map(of)))} to ${text(Math.max(...all.map(of)))}`;

report({
  method: [
    "Every server is a function from Request to Response in one process; each call makes its Request and reads and checks its answer. One call at a time, as an isolate of Convex runs one request at a time.",
    `Two runs, one after the other, of ${String(options.rounds)} interleaved rounds of ${String(options.batch)} ms, in each another order; medians (lowest to highest). Before each run a longer round, and before each batch half of one, to warm up; a share is the median of the shares in each round.`,
    `Servers share a place unless the first of it was ahead of them in ${percent(SURE)} of the rounds. What Linux gave to other processes while this one was ready to run is taken off all times.`,
    "Toolgate's database is a stub that answers from memory what its internal functions would answer, and checks the arguments as they would; all that runs in its HTTP action is real.",
    "No peer has API keys, so Toolgate runs twice: without its keys, to be compared with the peers, and whole. Each is judged by the slower of its two eras.",
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
        `with keys ${range(({ toFloor }) => toFloor, percent)} of the floor that checks and takes an HMAC; ` +
        `without ${range(({ toBest }) => toBest, show)} × the best peer`,
      met: all.every(({ toFloor, toBest }) => toFloor >= 0.75 && toBest > 1),
    },
  },
});
