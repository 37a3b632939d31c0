/** One process, Request in, Response out: what a server costs beside its tools. */
import { useConvexCrypto, useNodeCrypto } from "../lib/convexCrypto";
import { judge, judgedFigure, judgedText, percent, type Field, type Judged } from "../lib/judged";
import { showSpread } from "../lib/markdown";
import { messageOf, requestOf, textOf, type Ask, type Era } from "../lib/mcpRequest";
import { race, type Race, type Rates, type Runner } from "../lib/race";
import {
  agreement,
  agreementText,
  ranked,
  ratioTo,
  SURE,
  type Agreement,
  type Ranked,
} from "../lib/ranking";
import { isQuick, report, type Table } from "../lib/report";
import { spread } from "../lib/stats";
import { agents } from "../peers/agents";
import { checkingFloor } from "../peers/checkingFloor";
import { fastmcpEdge } from "../peers/fastmcpEdge";
import { floor } from "../peers/floor";
import { honoMcp } from "../peers/honoMcp";
import { mcpHandler } from "../peers/mcpHandler";
import { mcpLite } from "../peers/mcpLite";
import { toolNames, type Peer, type Serve } from "../peers/peer";
import { sdkServer } from "../peers/sdkServer";
import { tmcp } from "../peers/tmcp";
import { toolgate, toolgateWithoutKeys } from "../peers/toolgate";
import { withKey } from "../peers/withKey";

await useConvexCrypto();

const floorWithKey = withKey("floor with an HMAC of the key", floor);
const checkingFloorWithKey = withKey("floor that checks, with an HMAC of the key", checkingFloor);
const floors = [floor, floorWithKey, checkingFloor, checkingFloorWithKey];
const others = [fastmcpEdge, mcpLite, tmcp, sdkServer, mcpHandler, honoMcp, agents];
const all = [...floors, toolgateWithoutKeys, toolgate, ...others];

const nameOf = ({ name, eras }: Peer, era: Era) => (eras.length > 1 ? `${name}, ${era}` : name);

const namesOf = (peer: Peer): string[] => peer.eras.map((era) => nameOf(peer, era));

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

const runnersOf = async (
  peers: readonly Peer[],
  method: Method,
  tools: readonly string[],
): Promise<Runner[]> => {
  const runners: Runner[] = [];
  const last = tools.at(-1) ?? "";
  for (const peer of peers) {
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
  ? { rounds: 2, batch: 30 }
  : { rounds: 20, batch: 30 };

const field: Field = {
  bare: namesOf(toolgateWithoutKeys),
  guarded: namesOf(toolgate),
  peers: others.flatMap(namesOf),
  unchecked: [fastmcpEdge, mcpLite].flatMap(namesOf),
  floor: floor.name,
  floorWithKey: floorWithKey.name,
  checking: namesOf(checkingFloor),
  checkingWithKey: namesOf(checkingFloorWithKey),
};

const judged: Judged[] = [];
const agreements: Agreement[] = [];

const raceAll = async (title: string, runners: readonly Runner[], inFlight: number) => {
  const rates = await race(runners, { ...options, inFlight });
  judged.push(judge(`${title}, ${String(inFlight)} in flight`, rates, field));
  agreements.push(agreement(rates));
  return rates;
};

const cells = (rates: Rates, { name, place }: Ranked): string[] => [
  String(place),
  showSpread(spread(rates.get(name) ?? [])),
  percent(ratioTo(rates, name, floor.name)),
];

const measure = async (method: Method, count: number): Promise<Table> => {
  const title = `${method}, ${String(count)} tools`;
  const runners = await runnersOf(all, method, toolNames(count));
  const one = await raceAll(title, runners, 1);
  const many = await raceAll(title, runners, 32);
  const inMany = new Map(ranked(many).map((found) => [found.name, found]));
  const columns = (inFlight: number) => ["place", `${String(inFlight)} in flight`, "of the floor"];
  return {
    title: `${title}, per second`,
    head: ["server", "answers", ...columns(1), ...columns(32)],
    rows: ranked(one).map((found) => [
      ...[found.name, forms.get(found.name) ?? ""],
      ...cells(one, found),
      ...cells(many, inMany.get(found.name) ?? found),
    ]),
  };
};

const tables: Table[] = [];
for (const method of ["tools/call", "tools/list"] as const) {
  for (const count of [2, 200]) tables.push(await measure(method, count));
}

/** What Node's thread pool would make of it. */
const withNodeCrypto = async (): Promise<string> => {
  useNodeCrypto();
  const runners = await runnersOf([floor, floorWithKey, toolgate], "tools/call", toolNames(2));
  const rates = await race(runners, { ...options, inFlight: 1 });
  const share = (name: string) => `${name} ${percent(ratioTo(rates, name, floor.name))}`;
  const names = [floorWithKey.name, ...namesOf(toolgate)];
  return `With Node's own WebCrypto, tools/call, 2 tools, 1 in flight, of the floor: ${names.map(share).join(", ")}.`;
};

report({
  method: [
    "Every server is a function from Request to Response in one process; each call makes its Request and reads and checks its answer.",
    `Medians of ${String(options.rounds)} interleaved rounds of ${String(options.batch)} ms (lowest to highest), in each another order; one round, and before each batch half of one, to warm up; a share is the median of the shares in each round.`,
    `Servers share a place unless the first of it was ahead of them in ${percent(SURE)} of the rounds. What Linux gave to other processes while this one was ready to run is taken off all times.`,
    "Toolgate's database is a stub that answers from memory what its internal functions would answer, and checks the arguments as they would; all that runs in its HTTP action is real.",
    "No peer has API keys, so Toolgate runs twice: without its keys, to be compared with the peers, and whole, to be compared with floors that take the HMAC of a key. Each is judged by the slower of its two eras.",
    "The floor checks nothing, neither the message nor the arguments. The floor that checks is as hand-written, and does what a server must that trusts nobody: byte cap, media type, Origin, strict UTF-8, no duplicate member and no `__proto__`, JSON-RPC's shape, the headers of each era, arguments, and two calls of the same stub.",
    "In Node every WebCrypto operation is a job of a thread pool; on Convex it runs at once, in the isolate (convex-backend, `udf-runtime/src/00_crypto.ts`, `isolate/src/ops/subtle_crypto`). So SHA-256 and HMAC run at once here too, for all servers.",
    "A list is read to its end: Toolgate sends pages of 250, the others everything at once.",
  ],
  tables,
  findings: [...judged.map(judgedText), await withNodeCrypto(), agreementText(agreements)],
  figures: { "in process": judgedFigure(judged) },
});
