/** How often calls of one key would fail on write conflicts, by what their transactions really read and write. */
import http from "../../convex/http";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { stepOf } from "../conflicts/footprints";
import { show } from "../lib/markdown";
import type { Ask } from "../lib/mcpRequest";
import { takeApart, type Admission } from "../lib/readWrite";
import { install, recorded, recordingRoutes } from "../lib/recorder";
import { seeded } from "../lib/random";
import { isQuick, report, type Cell, type Figure } from "../lib/report";
import { simulate, type Step } from "../lib/retries";
import { quantile, upperEnd } from "../lib/stats";

/** The goals are for 12 writes and 48 reads at once. As shipped, a key has tokens for 48 writes or 192 reads, and more are refused. */
const BURSTS = [12, 48, 100, 200];
const random = seeded(2);
/** Calls that are simulated for each cell, at least. */
const CALLS = isQuick ? 200 : 10_000;
/** How long a commit takes, in ms: not at all, on a fast disk, and as the goals assume. */
const DELAYS = [0, 10, 30] as const;
const [, , GOAL_DELAY] = DELAYS;
/** Of the calls at most so many may fail, at the upper end of the 95 % interval. */
const GOAL = 0.005;
const RECORDED = isQuick ? 8 : 40;
/** Mutations at once: Free and Starter. */
const AT_ONCE = 16;
/** Assumed, since nothing here runs on Convex: what the gate and what a tool take, in ms. */
const GATE_TAKES = [8, 16] as const;
const TOOL_TAKES = [4, 12] as const;

const t = newBackend({ http: recordingRoutes(http) });
install();
await addDemo(t);
const key = await issueKey(t);
const { customerId, productId } = await t.run(async (ctx) => {
  const customer = await ctx.db.query("customers").first();
  const product = await ctx.db.query("products").first();
  if (!customer || !product) throw new Error("no demo data");
  return { customerId: customer._id, productId: product._id };
});

const call = (name: string, args: object): Ask => ({
  ...{ era: "2025", key, method: "tools/call" },
  params: { name, arguments: args },
});

const QUERY = "query tool (stock_level)";
const MUTATION = "mutation tool (customers_create)";
const ORDER = "mutation tool with more rows (orders_create)";

const kinds: Readonly<Record<string, (index: number) => Ask>> = {
  [QUERY]: () => call("stock_level", { productId }),
  [MUTATION]: (index) =>
    call("customers_create", {
      name: `B ${String(index)}`,
      email: `b${String(index)}@example.com`,
    }),
  [ORDER]: () => call("orders_create", { customerId, lines: [{ productId, quantity: 1 }] }),
};

const record = async (askFor: (index: number) => Ask): Promise<Admission[]> => {
  const admissions: Admission[] = [];
  for (let index = 0; index < RECORDED; index++) {
    const { result, calls } = await recorded(async () => (await ask(t, askFor(index))).text());
    const admission = calls.find(({ name }) => name === "toolgate/gate:admit");
    if (!admission || result.includes('"isError"')) throw new Error(result.slice(0, 300));
    admissions.push(takeApart(admission));
  }
  return admissions;
};

/** Shards per bucket, counted in the rows that a new key gets. */
const shipped = new Map<string, number>();
const bucketNames = await t.run(async (ctx) =>
  (await ctx.db.query("toolgateBuckets").collect()).map(({ name }) => name),
);
for (const name of bucketNames) shipped.set(name, (shipped.get(name) ?? 0) + 1);

const bucketsOf = ({ buckets }: Admission, factor: number): Map<string, number> =>
  new Map(
    buckets.map((name) => [name, Math.max(1, Math.round((shipped.get(name) ?? 1) * factor))]),
  );

const both = [GATE_TAKES[0] + TOOL_TAKES[0], GATE_TAKES[1] + TOOL_TAKES[1]] as const;

type Split = "one" | "two";

const stepsOf = (admission: Admission, split: Split, factor: number): Step[] => {
  const buckets = bucketsOf(admission, factor);
  if (split === "two")
    return [stepOf(admission.gate, GATE_TAKES, buckets), stepOf(admission.tool, TOOL_TAKES)];
  return [stepOf(admission.whole, isWrite(admission) ? both : GATE_TAKES, buckets)];
};

const isWrite = ({ tool }: Admission): boolean => tool.writes.length > 0;

/** A way to make calls. */
interface Way {
  readonly kind: string;
  readonly split: Split;
  /** Of the shards as shipped. */
  readonly factor: number;
  readonly delay: number;
}

interface Outcome {
  readonly failed: number;
  readonly upTo: number;
  readonly p99: number;
  readonly attempts: number;
  readonly again: number;
}

const recordings = new Map<string, Admission[]>();
for (const [kind, askFor] of Object.entries(kinds)) recordings.set(kind, await record(askFor));

const burst = ({ kind, split, factor, delay }: Way, size: number): Outcome => {
  const samples = recordings.get(kind) ?? [];
  const repeats = Math.ceil(CALLS / size);
  const results = Array.from({ length: repeats }, () =>
    simulate({
      atOnce: AT_ONCE,
      commitMs: delay,
      calls: Array.from({ length: size }, (_, index) => {
        const sample = samples[(index + Math.floor(random() * 7)) % samples.length];
        return sample === undefined ? [] : stepsOf(sample, split, factor);
      }),
    }),
  );
  const mean = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + of(result), 0) / (repeats * size);
  return {
    failed: mean(({ failed }) => failed),
    upTo: upperEnd(
      results.map(({ failed }) => failed),
      size,
    ),
    p99: quantile(
      results.flatMap(({ latencies }) => [...latencies]),
      0.99,
    ),
    attempts: mean(({ attempts }) => attempts),
    again: mean(({ again }) => again),
  };
};

const share = (value: number): string => `${(100 * value).toFixed(2)} %`;
const ms = (value: number): string => `${show(Math.round(value))} ms`;

const showOutcome = ({ failed, upTo, p99, attempts, again }: Outcome): string =>
  `${share(failed)} (≤ ${share(upTo)}), ${ms(p99)}, ${attempts.toFixed(1)}, ${share(again)}`;

const splits = (kind: string): readonly Split[] =>
  recordings.get(kind)?.some(isWrite) === true ? ["one", "two"] : ["one"];

const asShipped: Omit<Way, "kind" | "delay"> = { split: "one", factor: 1 };

const byDelay = [...recordings.keys()].flatMap((kind) =>
  BURSTS.map((size) => ({
    kind,
    size,
    outcomes: DELAYS.map((delay) => burst({ ...asShipped, kind, delay }, size)),
  })),
);

/** What the goals ask for: a kind in bursts of one size, with the longest delay. */
const goalOf = (kind: string, size: number): Outcome => {
  const row = byDelay.find((one) => one.kind === kind && one.size === size);
  const outcome = row?.outcomes.at(-1);
  if (outcome === undefined) throw new Error("not simulated");
  return outcome;
};

const figureOf = (text: string, kind: string, size: number): Figure => {
  const { failed, upTo } = goalOf(kind, size);
  return { shown: `${text}: ${share(failed)}, ${share(upTo)} at most`, met: upTo <= GOAL };
};

/** A row of a table for each way, in bursts of every size. */
const rowsOf = (ways: readonly Way[], label: (way: Way) => Cell): Cell[][] =>
  ways.map((way) => [way.kind, label(way), ...BURSTS.map((size) => showOutcome(burst(way, size)))]);

const bySplit = [...recordings.keys()].flatMap((kind) =>
  splits(kind).map((split): Way => ({ ...asShipped, kind, split, delay: GOAL_DELAY })),
);

const FACTORS = [0.5, 1, 2, 4];
const byShards = [QUERY, MUTATION].flatMap((kind) =>
  FACTORS.map((factor): Way => ({ ...asShipped, kind, factor, delay: GOAL_DELAY })),
);

const head = BURSTS.map((size) => `burst of ${String(size)}`);
const shards = [...shipped].map(([name, count]) => `${name.split(":")[0] ?? ""} ${String(count)}`);
const slowest = `${String(GOAL_DELAY)} ms`;

report({
  method: [
    `What real admissions read and write is recorded in convex-test (${String(RECORDED)} per kind); Convex's rules for retries are simulated on it: ${String(AT_ONCE)} mutations at once, four retries with backoff, a snapshot from before the wait for a slot, at least ${show(CALLS)} calls for each cell.`,
    `Assumed: the gate takes ${GATE_TAKES.join(" to ")} ms, a tool ${TOOL_TAKES.join(" to ")} ms more, and a commit ${DELAYS.join(", ")} ms until it can be read, while others conflict with it already. Each attempt draws its shards anew, as the code does.`,
    "All calls come in one instant from one key, and its buckets are taken as full: what the limits would refuse by then is counted as let in. As shipped, a key that has not called for a while may write 48 times or read 192 times at once. Not simulated: refused calls, and what the calls of other keys of the same tenant do.",
    "A failure is what the client is told: when Convex has given an admission up, the server makes it once more after a pause that it draws, and answers 503 when Convex gives that up too. Cells: calls that fail after all of it (upper end of the 95 % interval), 99th percentile of the others, transactions attempted per call, calls that were admitted once more, each of which costs a second billed call.",
    `Shards as shipped: ${[...new Set(shards)].join(", ")}.`,
  ],
  tables: [
    {
      title: "By the delay of a commit, as shipped: one transaction per call",
      head: ["call", "burst of", ...DELAYS.map((delay) => `${String(delay)} ms`)],
      rows: byDelay.map(({ kind, size, outcomes }) => [kind, size, ...outcomes.map(showOutcome)]),
    },
    {
      title: `One or two transactions per call, ${slowest}`,
      head: ["call", "transactions", ...head],
      rows: rowsOf(bySplit, ({ split }) => split),
    },
    {
      title: `Number of shards, one transaction per call, ${slowest}`,
      head: ["call", "shards", ...head],
      rows: rowsOf(byShards, ({ factor }) => `× ${String(factor)}`),
    },
  ],
  findings: [
    "Two transactions per call fail less, but would cost every call of a mutation tool a second billed call. Twice as many shards would hold half as many tokens each, so that calls are refused sooner while others are full.",
  ],
  figures: {
    "conflicts of 12 writes": figureOf("customers_create", MUTATION, 12),
    "conflicts of 48 reads": figureOf("stock_level", QUERY, 48),
    "conflicts of 12 orders": figureOf("orders_create", ORDER, 12),
  },
});
