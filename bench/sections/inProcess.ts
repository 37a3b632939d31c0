/** One process, Request in, Response out: what a server costs beside its tools. */
import { race, type Race, type Runner } from "../lib/race";
import { show, showSpread } from "../lib/markdown";
import { messageOf, requestOf, textOf, type Ask, type Era } from "../lib/mcpRequest";
import { isQuick, report, type Figure, type Table } from "../lib/report";
import type { Spread } from "../lib/stats";
import { agents } from "../peers/agents";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { floorWithKey } from "../peers/floorWithKey";
import { honoMcp } from "../peers/honoMcp";
import { mcpHandler } from "../peers/mcpHandler";
import { mcpLite } from "../peers/mcpLite";
import { toolNames, type Peer, type Serve } from "../peers/peer";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";

const own = [floor, toolgateWithoutKeys, floorWithKey, toolgate];
const others = [fastmcpEdge, mcpLite, tmcp, sdkServer, mcpHandler, honoMcp, agents];

const nameOf = ({ name, eras }: Peer, era: Era) => (eras.length > 1 ? `${name}, ${era}` : name);

let calls = 0;

const callOnce =
  (serve: Serve, { key, answer }: Peer, era: Era, tool: string) =>
  async () => {
    const a = ++calls;
    const params = { name: tool, arguments: { a, b: 1 } };
    const text = await textOf(await serve(requestOf({ era, method: "tools/call", params, key })));
    const expected = answer?.(a + 1) ?? `"text":"${String(a + 1)}"`;
    if (!text.includes(expected)) throw new Error(`no ${expected} in ${text.slice(0, 300)}`);
  };

/** A list is read to its end, whatever the size of its pages. */
const listOnce =
  (serve: Serve, { key }: Peer, era: Era, last: string) =>
  async () => {
    let ask: Ask = { era, method: "tools/list", key };
    for (;;) {
      const text = await textOf(await serve(requestOf(ask)));
      if (text.includes(`"name":"${last}"`)) return;
      const cursor = /"nextCursor":"([^"]+)"/.exec(text)?.[1];
      if (cursor === undefined) throw new Error(`no ${last} in ${text.slice(0, 300)}`);
      ask = { ...ask, params: { cursor } };
    }
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

type Method = "tools/call" | "tools/list";

const runnersFor = async (method: Method, tools: readonly string[]): Promise<Runner[]> => {
  const runners: Runner[] = [];
  const last = tools.at(-1) ?? "";
  for (const peer of [...own, ...others]) {
    for (const era of peer.eras) {
      const serve = await peer.serve(tools);
      await checkList(serve, peer, era);
      const once = (method === "tools/call" ? callOnce : listOnce)(serve, peer, era, last);
      runners.push({ name: nameOf(peer, era), ready: () => once });
    }
  }
  return runners;
};

const options: Omit<Race, "inFlight"> = isQuick
  ? { rounds: 1, batch: 40 }
  : { rounds: 5, batch: 180 };

const at = (rates: Map<string, Spread>, name: string): number => rates.get(name)?.median ?? NaN;

/** The lower of the two eras: a goal is met by both or by none. */
const lower = (rates: Map<string, Spread>, peer: Peer): number =>
  Math.min(...peer.eras.map((era) => at(rates, nameOf(peer, era))));

/** How one race ended for Toolgate. */
interface Judged {
  readonly title: string;
  /** How far ahead of the best peer; without keys, since no peer has any. */
  readonly ahead: number;
  readonly best: string;
  /** Shares of the floors, without and with keys. */
  readonly bare: number;
  readonly guarded: number;
}

const judge = (title: string, rates: Map<string, Spread>): Judged => {
  const rivals = others.flatMap((peer) => peer.eras.map((era) => nameOf(peer, era)));
  const best = rivals.reduce((a, b) => (at(rates, a) >= at(rates, b) ? a : b));
  return {
    ...{ title, best },
    ahead: lower(rates, toolgateWithoutKeys) / at(rates, best),
    bare: lower(rates, toolgateWithoutKeys) / at(rates, floor.name),
    guarded: lower(rates, toolgate) / at(rates, floorWithKey.name),
  };
};

const percent = (share: number): string => `${String(Math.round(100 * share))} %`;

/** From the worst to the best of all races. */
const range = (values: readonly number[], text: (value: number) => string): string =>
  `${text(Math.min(...values))} to ${text(Math.max(...values))}`;

const figureOf = (all: readonly Judged[]): Figure => {
  const of = (field: "ahead" | "bare" | "guarded") => all.map((one) => one[field]);
  return {
    shown:
      `${range(of("ahead"), show)} × the best peer, ${range(of("bare"), percent)} of the floor; ` +
      `with keys ${range(of("guarded"), percent)} of the floor with a key`,
    met: all.every(({ ahead, bare, guarded }) => ahead > 1 && bare >= 0.9 && guarded >= 0.9),
  };
};

const races: Judged[] = [];

const measure = async (method: Method, count: number): Promise<Table> => {
  const runners = await runnersFor(method, toolNames(count));
  const one = await race(runners, { ...options, inFlight: 1 });
  const many = await race(runners, { ...options, inFlight: 32 });
  const title = `${method}, ${String(count)} tools`;
  races.push(judge(`${title}, 1 in flight`, one), judge(`${title}, 32 in flight`, many));
  const ranked = runners
    .map(({ name }) => name)
    .sort((a, b) => at(one, b) - at(one, a))
    .map((name) => [name, forms.get(name) ?? "", ...cells(one, name), ...cells(many, name)]);
  return {
    title: `${title}, per second`,
    head: ["server", "answers", "1 in flight", "of the floor", "32 in flight", "of the floor"],
    rows: ranked,
  };
};

const cells = (rates: Map<string, Spread>, name: string): string[] => {
  const found = rates.get(name);
  return found === undefined
    ? []
    : [showSpread(found), percent(found.median / at(rates, floor.name))];
};

const tables: Table[] = [];
for (const method of ["tools/call", "tools/list"] as const) {
  for (const count of [2, 200]) tables.push(await measure(method, count));
}

report({
  method: [
    "Every server is a function from Request to Response in one process; each call makes its Request and reads and checks its answer.",
    `Medians of ${String(options.rounds)} interleaved rounds of ${String(options.batch)} ms (lowest to highest), one round to warm up.`,
    "Toolgate's database is a stub that answers from memory what its internal functions would answer, and checks the arguments as they would; all that runs in its HTTP action is real.",
    "No peer has API keys, so Toolgate runs twice: without its keys, to be compared with the peers, and whole, to be compared with a floor that takes the HMAC of a key. Each is judged by the slower of its two eras.",
    "The floors check nothing, neither the message nor the arguments.",
    "A list is read to its end: Toolgate sends pages of 100, the peers everything at once.",
  ],
  tables,
  findings: races.map(
    ({ title, ahead, best, bare, guarded }) =>
      `${title}: ${show(ahead)} × ${best}, ${percent(bare)} of the floor; with keys ${percent(guarded)} of the floor with a key.`,
  ),
  figures: { "in process": figureOf(races) },
});
