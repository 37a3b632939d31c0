/** How often calls of one key would fail on write conflicts, by what their transactions really read and write. */
import http from "../../convex/http";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { show } from "../lib/markdown";
import type { Ask } from "../lib/mcpRequest";
import { conflicts, takeApart, type Admission, type Footprint } from "../lib/readWrite";
import { install, recorded, recordingRoutes } from "../lib/recorder";
import { seeded } from "../lib/random";
import { isQuick, report, type Cell } from "../lib/report";
import { simulate, type Step } from "../lib/retries";
import { quantile } from "../lib/stats";

/** The goals are for 12 writes and 48 reads at once. As shipped, a key has tokens for 48 writes or 192 reads, and more are refused. */
const BURSTS = [12, 48, 100, 200];
const random = seeded(2);
const REPEATS = isQuick ? 5 : 60;
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

const kinds: Readonly<Record<string, (index: number) => Ask>> = {
  "query tool (stock_level)": () => call("stock_level", { productId }),
  "mutation tool (customers_create)": (index) =>
    call("customers_create", {
      name: `B ${String(index)}`,
      email: `b${String(index)}@example.com`,
    }),
  "mutation tool with a counter (orders_create)": () =>
    call("orders_create", { customerId, lines: [{ productId, quantity: 1 }] }),
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

/** Whether two footprints conflict, worked out once per pair. */
const known = new Map<Footprint, Map<Footprint, boolean>>();
const conflict = (reader: Footprint, writer: Footprint): boolean => {
  const row = known.get(reader) ?? new Map<Footprint, boolean>();
  known.set(reader, row);
  const found = row.get(writer) ?? conflicts(reader, writer);
  row.set(writer, found);
  return found;
};

const footprints = new WeakMap<Step, Footprint>();

const stepOf = (
  footprint: Footprint,
  takes: readonly [number, number],
  buckets: ReadonlyMap<string, number> = new Map(),
): Step => {
  const step: Step = {
    ...{ takes, buckets },
    disturbedBy: (other) => {
      const theirs = footprints.get(other);
      return theirs !== undefined && conflict(footprint, theirs);
    },
  };
  footprints.set(step, footprint);
  return step;
};

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

interface Outcome {
  readonly failed: number;
  readonly p99: number;
  readonly attempts: number;
}

const burst = (samples: readonly Admission[], size: number, split: Split, factor = 1): Outcome => {
  const results = Array.from({ length: REPEATS }, () =>
    simulate({
      atOnce: AT_ONCE,
      calls: Array.from({ length: size }, (_, index) => {
        const sample = samples[(index + Math.floor(random() * 7)) % samples.length];
        return sample === undefined ? [] : stepsOf(sample, split, factor);
      }),
    }),
  );
  const sum = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + of(result), 0) / (REPEATS * size);
  return {
    failed: sum(({ failed }) => failed),
    p99: quantile(
      results.flatMap(({ latencies }) => [...latencies]),
      0.99,
    ),
    attempts: sum(({ attempts }) => attempts),
  };
};

const showOutcome = ({ failed, p99, attempts }: Outcome): string =>
  `${(100 * failed).toFixed(1)} %, ${show(Math.round(p99))} ms, ${attempts.toFixed(1)}`;

const recordings = new Map<string, Admission[]>();
for (const [kind, askFor] of Object.entries(kinds)) recordings.set(kind, await record(askFor));

const FACTORS = [0.125, 0.25, 0.5, 1, 2, 4];

/** A row of a table: one way to do it, in bursts of every size. */
interface Tried {
  readonly kind: string;
  readonly split: Split;
  readonly factor: number;
  readonly outcomes: readonly Outcome[];
}

const attempt = (kind: string, split: Split, factor: number): Tried => {
  const samples = recordings.get(kind) ?? [];
  const outcomes = BURSTS.map((size) => burst(samples, size, split, factor));
  return { kind, split, factor, outcomes };
};

const splits = (samples: readonly Admission[]): readonly Split[] =>
  samples.some(isWrite) ? ["one", "two"] : ["one"];

const bySplit = [...recordings].flatMap(([kind, samples]) =>
  splits(samples).map((split) => attempt(kind, split, 1)),
);
const [query = "", mutation = ""] = Object.keys(kinds);
const byShards = [query, mutation].flatMap((kind) =>
  FACTORS.map((factor) => attempt(kind, "one", factor)),
);

const rowsOf = (tried: readonly Tried[], label: (one: Tried) => Cell): Cell[][] =>
  tried.map((one) => [one.kind, label(one), ...one.outcomes.map(showOutcome)]);

/** The share of a burst that fails and how long the slowest of the others take, as text. */
const failing = (tried: readonly Tried[], size: number, wanted: Partial<Tried>): string => {
  const found = tried.find((one) =>
    Object.entries(wanted).every(([field, value]) => one[field as keyof Tried] === value),
  );
  const outcome = found?.outcomes[BURSTS.indexOf(size)];
  if (outcome === undefined) throw new Error("not simulated");
  return `${(100 * outcome.failed).toFixed(1)} % (${show(Math.round(outcome.p99))} ms)`;
};

const findings = [
  "A key may write 48 times or read 192 times at once, if it has not called for a while; what goes beyond is refused. " +
    "Not simulated: refused calls, and what the calls of other keys of the same tenant do.",
  `Shipped: one transaction per call. Of 12 writes at once ${failing(bySplit, 12, { kind: mutation, split: "one" })} fail, as two transactions ` +
    `${failing(bySplit, 12, { kind: mutation, split: "two" })}; of 100 ${failing(bySplit, 100, { kind: mutation, split: "one" })} and ` +
    `${failing(bySplit, 100, { kind: mutation, split: "two" })}. Two fail less, but would cost every call of a mutation tool a second billed call.`,
  `Shipped: shards × 1. Of 48 queries at once ${failing(byShards, 48, { kind: query, factor: 0.5 })} fail with half as many shards, ` +
    `${failing(byShards, 48, { kind: query, factor: 1 })} as shipped and ${failing(byShards, 48, { kind: query, factor: 2 })} with twice as many. In brackets: the 99th percentile of the others. Twice as many shards would hold half as many tokens each, so that calls are refused sooner while others are full.`,
];

const head = BURSTS.map((size) => `burst of ${String(size)}`);
const shards = [...shipped].map(([name, count]) => `${name.split(":")[0] ?? ""} ${String(count)}`);

report({
  method: [
    `What real admissions read and write is recorded in convex-test (${String(RECORDED)} per kind); Convex's rules for retries are simulated on it: ${String(AT_ONCE)} mutations at once, four retries with backoff, ${String(REPEATS)} bursts each.`,
    `Assumed: the gate takes ${GATE_TAKES.join(" to ")} ms, a tool ${TOOL_TAKES.join(" to ")} ms more. Each attempt draws its shards anew, as the code does.`,
    "All calls come at once from one key, and its buckets are taken as full: what the limits would refuse by then is counted as let in.",
    "Cells: calls that fail after all retries, 99th percentile of the others, transactions attempted per call.",
    `Shards as shipped: ${[...new Set(shards)].join(", ")}.`,
  ],
  tables: [
    {
      title: "One or two transactions per call",
      head: ["call", "transactions", ...head],
      rows: rowsOf(bySplit, ({ split }) => split),
    },
    {
      title: "Number of shards, one transaction per call",
      head: ["call", "shards", ...head],
      rows: rowsOf(byShards, ({ factor }) => `× ${String(factor)}`),
    },
  ],
  findings,
});
