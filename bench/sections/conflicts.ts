/** How often calls of one key would fail on write conflicts, by what their transactions really read and write. */
import http from "../../convex/http";
import { addDemo, ask, issueKey, newBackend } from "../lib/backend";
import { percentOf, show } from "../lib/markdown";
import type { Ask } from "../lib/mcpRequest";
import { conflicts, type Footprint } from "../../test/support/recording/readWrite";
import {
  install,
  recorded,
  recordingRoutes,
  type Transaction,
} from "../../test/support/recording/recorder";
import { seeded } from "../lib/random";
import { isQuick, report, type Figure } from "../lib/report";
import { simulate, type Step } from "../lib/retries";
import { quantile, upperEnd } from "../lib/stats";

/** The goals are for 12 writes and 48 reads at once. As shipped, a key has tokens for 48 writes or 192 reads, and more are refused. */
const BURSTS = [12, 48, 100];
/** How long a commit takes, in ms: not at all, on a fast disk, and as the goals assume. */
const DELAYS = [0, 10, 30];
/** Of the calls at most so many may fail, at the upper end of the 95 % interval, with the longest delay. */
const GOAL = 0.005;
/** Calls that are simulated for each cell, at least. */
const CALLS = isQuick ? 200 : 10_000;
const RECORDED = isQuick ? 8 : 40;
/** Mutations at once: Free and Starter. */
const AT_ONCE = 16;
/** Assumed, since nothing here runs on Convex: what the gate takes, and what it takes with a tool in its transaction, in ms. */
const GATE_TAKES = [8, 16] as const;
const BOTH_TAKE = [12, 28] as const;

const random = seeded(2);
const t = newBackend({ http: recordingRoutes(http) });
install();
await addDemo(t);
const key = await issueKey(t);
const { customerId, productId, buckets } = await t.run(async (ctx) => ({
  customerId: (await ctx.db.query("customers").first())?._id,
  productId: (await ctx.db.query("products").first())?._id,
  buckets: await ctx.db.query("toolgateBuckets").collect(),
}));

/** Shards per bucket, counted in the rows that a new key gets. */
const shards = new Map<string, number>();
for (const { name } of buckets) shards.set(name, (shards.get(name) ?? 0) + 1);

interface Kind {
  readonly tool: string;
  readonly takes: readonly [number, number];
  readonly args: (index: number) => object;
}

const QUERY = "query tool (stock_level)";
const MUTATION = "mutation tool (customers_create)";
const ORDER = "mutation tool with more rows (orders_create)";

const kinds: Readonly<Record<string, Kind>> = {
  [QUERY]: { tool: "stock_level", takes: GATE_TAKES, args: () => ({ productId }) },
  [MUTATION]: {
    ...{ tool: "customers_create", takes: BOTH_TAKE },
    args: (index) => ({ name: `B ${String(index)}`, email: `b${String(index)}@example.com` }),
  },
  [ORDER]: {
    ...{ tool: "orders_create", takes: BOTH_TAKE },
    args: () => ({ customerId, lines: [{ productId, quantity: 1 }] }),
  },
};

const isBucket = ({ table }: { readonly table: string }): boolean => table === "toolgateBuckets";

/** The transaction without its buckets, and their names: which shards it took is drawn anew for every attempt. */
const takeApart = ({ reads, writes }: Transaction) => ({
  buckets: writes.filter(isBucket).map(({ after }) => String(after.name)),
  footprint: {
    reads: reads.filter((one) => !isBucket(one)),
    writes: writes.filter((one) => !isBucket(one)),
  },
});

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

/** The one transaction of a call, as it was recorded. */
const record = async ({ tool, takes, args }: Kind, index: number): Promise<Step> => {
  const params = { name: tool, arguments: args(index) };
  const question: Ask = { era: "2025", key, method: "tools/call", params };
  const { result, calls } = await recorded(async () => (await ask(t, question)).text());
  const admission = calls.find(({ name }) => name === "toolgate/gate:admit");
  if (!admission || result.includes('"isError"')) throw new Error(result.slice(0, 300));
  const { buckets: names, footprint } = takeApart(admission);
  const step: Step = {
    ...{ takes, buckets: new Map(names.map((name) => [name, shards.get(name) ?? 1])) },
    disturbedBy: (other) => {
      const theirs = footprints.get(other);
      return theirs !== undefined && conflict(footprint, theirs);
    },
  };
  footprints.set(step, footprint);
  return step;
};

const burst = (steps: readonly Step[], size: number, commitMs: number) => {
  const repeats = Math.ceil(CALLS / size);
  const drawn = (index: number) => steps.slice((index + Math.floor(random() * 7)) % steps.length);
  const results = Array.from({ length: repeats }, () =>
    simulate({
      ...{ atOnce: AT_ONCE, commitMs },
      calls: Array.from({ length: size }, (_, index) => drawn(index).slice(0, 1)),
    }),
  );
  const mean = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + of(result), 0) / (repeats * size);
  const failures = results.map(({ failed }) => failed);
  return {
    ...{ failed: mean(({ failed }) => failed), upTo: upperEnd(failures, size) },
    p99: quantile(
      results.flatMap(({ latencies }) => [...latencies]),
      0.99,
    ),
    ...{ attempts: mean(({ attempts }) => attempts), again: mean(({ again }) => again) },
  };
};

type Outcome = ReturnType<typeof burst>;

const showOutcome = ({ failed, upTo, p99, attempts, again }: Outcome): string =>
  `${percentOf(failed)} (≤ ${percentOf(upTo)}), ${show(Math.round(p99))} ms, ${attempts.toFixed(1)}, ${percentOf(again)}`;

const rows: { readonly kind: string; readonly size: number; readonly outcomes: Outcome[] }[] = [];
for (const [kind, how] of Object.entries(kinds)) {
  const steps: Step[] = [];
  for (let index = 0; index < RECORDED; index++) steps.push(await record(how, index));
  for (const size of BURSTS)
    rows.push({ kind, size, outcomes: DELAYS.map((delay) => burst(steps, size, delay)) });
}

const figureOf = (kind: string, size: number): Figure => {
  const row = rows.find((one) => one.kind === kind && one.size === size);
  const { failed = NaN, upTo = NaN } = row?.outcomes.at(-1) ?? {};
  const shown = `${kinds[kind]?.tool ?? ""}: ${percentOf(failed)}, ${percentOf(upTo)} at most`;
  return { shown, met: upTo <= GOAL };
};

const counts = [...shards].map(([name, count]) => `${name.split(":")[0] ?? ""} ${String(count)}`);

report({
  method: [
    `What real admissions read and write is recorded in convex-test (${String(RECORDED)} per kind); Convex's rules for retries are simulated on it: ${String(AT_ONCE)} mutations at once, four retries with backoff, a snapshot from before the wait for a slot, at least ${show(CALLS)} calls for each cell.`,
    `Assumed: the gate takes ${GATE_TAKES.join(" to ")} ms, with a tool that writes ${BOTH_TAKE.join(" to ")} ms, and a commit ${DELAYS.join(", ")} ms until it can be read, while others conflict with it already. Each attempt draws its shards anew, as the code does.`,
    "All calls come in one instant from one key, and its buckets are taken as full: what the limits would refuse by then is counted as let in. As shipped, a key that has not called for a while may write 48 times or read 192 times at once. Not simulated: refused calls, and what the calls of other keys of the same tenant do.",
    "A failure is what the client is told: when Convex has given an admission up, the server makes it once more after a pause that it draws, and answers 503 when Convex gives that up too. Cells: calls that fail after all of it (upper end of the 95 % interval), 99th percentile of the others, transactions attempted per call, calls that were admitted once more, each of which costs a second billed call.",
    `Shards as shipped: ${[...new Set(counts)].join(", ")}.`,
  ],
  tables: [
    {
      title: "By the delay of a commit, as shipped",
      head: ["call", "burst of", ...DELAYS.map((delay) => `${String(delay)} ms`)],
      rows: rows.map(({ kind, size, outcomes }) => [kind, size, ...outcomes.map(showOutcome)]),
    },
  ],
  findings: [
    "Chosen: 12 shards per key and 24 per tenant; numbers of orders are drawn, not counted, so that no two orders share a row (those of invoices stay a series without gaps); and one more admission after a conflict, since nothing was written.",
    "Not chosen: two transactions per call, which conflict less but cost each write a second billed call; more shards, each of which would hold fewer tokens, so that calls are refused sooner.",
  ],
  figures: {
    "conflicts of 12 writes": figureOf(MUTATION, 12),
    "conflicts of 48 reads": figureOf(QUERY, 48),
    "conflicts of 12 orders": figureOf(ORDER, 12),
  },
});
