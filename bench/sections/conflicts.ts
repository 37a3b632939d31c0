/** How often calls of one key would fail on write conflicts, by what their transactions really read and write. */
import { conflicts } from "../../test/support/recording/readWrite";
import { install } from "../../test/support/recording/recorder";
import { issueKey, measure, newBackend } from "../lib/backend";
import { callOf } from "../lib/mcpRequest";
import { percent, quantile, show, upperEnd } from "../lib/numbers";
import { seeded } from "../lib/random";
import { isQuick, report, type Figure } from "../lib/report";
import { simulate, type Call } from "../lib/retries";

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
const t = await newBackend();
install();
const key = await issueKey(t);
const { customerId, productId, buckets } = await t.run(async ({ db }) => ({
  customerId: (await db.query("customers").first())?._id,
  productId: (await db.query("products").first())?._id,
  buckets: (await db.query("toolgateBuckets").collect()).map(({ name }) => name),
}));

/** Shards per bucket, counted in the rows that a new key gets. */
const shards = new Map<string, number>();
for (const name of buckets) shards.set(name, (shards.get(name) ?? 0) + 1);

interface Kind {
  readonly name: string;
  readonly tool: string;
  readonly takes: readonly [number, number];
  readonly args: (index: number) => object;
}

const kinds: readonly Kind[] = [
  {
    ...{ name: "query tool (stock_level)", tool: "stock_level", takes: GATE_TAKES },
    args: () => ({ productId }),
  },
  {
    ...{ name: "mutation tool (customers_create)", tool: "customers_create", takes: BOTH_TAKE },
    args: (index) => ({ name: `B ${String(index)}`, email: `b${String(index)}@example.com` }),
  },
  {
    ...{ name: "mutation tool with more rows (orders_create)", tool: "orders_create" },
    ...{ takes: BOTH_TAKE, args: () => ({ customerId, lines: [{ productId, quantity: 1 }] }) },
  },
];

const isBucket = ({ table }: { readonly table: string }): boolean => table === "toolgateBuckets";

/** The transaction of a call, its buckets apart: which shards it takes is drawn anew for every attempt. */
const record = async ({ tool, args }: Kind, index: number) => {
  const calls = await measure(t, callOf(key, tool, args(index)), '"structuredContent"');
  const { reads = [], writes = [] } =
    calls.find(({ name }) => name === "toolgate/gate:admit") ?? {};
  const names = writes.filter(isBucket).map(({ after }) => String(after.name));
  const footprint = {
    reads: reads.filter((one) => !isBucket(one)),
    writes: writes.filter((one) => !isBucket(one)),
  };
  return { footprint, buckets: new Map(names.map((name) => [name, shards.get(name) ?? 1])) };
};

/** Calls of one kind, each with those whose commits would disturb it. */
const callsOf = async (kind: Kind): Promise<Call[]> => {
  const recorded: Awaited<ReturnType<typeof record>>[] = [];
  for (let index = 0; index < RECORDED; index++) recorded.push(await record(kind, index));
  const calls = recorded.map(({ buckets }): Call & { readonly by: Set<Call> } => {
    const by = new Set<Call>();
    return { takes: kind.takes, buckets, by, disturbedBy: (other) => by.has(other) };
  });
  for (const [at, { by }] of calls.entries()) {
    for (const [other, call] of calls.entries())
      if (conflicts(recorded[at]!.footprint, recorded[other]!.footprint)) by.add(call);
  }
  return calls;
};

const burst = (calls: readonly Call[], size: number, commitMs: number) => {
  const repeats = Math.ceil(CALLS / size);
  const drawn = (index: number) => calls[(index + Math.floor(random() * 7)) % calls.length]!;
  const results = Array.from({ length: repeats }, () =>
    simulate({
      atOnce: AT_ONCE,
      commitMs,
      calls: Array.from({ length: size }, (_, at) => drawn(at)),
    }),
  );
  const mean = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + of(result), 0) / (repeats * size);
  const latencies = results.flatMap((one) => [...one.latencies]);
  const upTo = upperEnd(
    results.map(({ failed }) => failed),
    size,
  );
  const failed = `${percent(
    mean((one) => one.failed),
    2,
  )} (≤ ${percent(upTo, 2)})`;
  const [attempts, again] = [mean((one) => one.attempts), mean((one) => one.again)];
  const p99 = Math.round(quantile(latencies, 0.99));
  const shown = `${failed}, ${show(p99)} ms, ${attempts.toFixed(1)}, ${percent(again, 2)}`;
  return { shown, failed, upTo };
};

const rows: {
  readonly kind: Kind;
  readonly size: number;
  readonly outcomes: ReturnType<typeof burst>[];
}[] = [];
for (const kind of kinds) {
  const calls = await callsOf(kind);
  for (const size of BURSTS)
    rows.push({ kind, size, outcomes: DELAYS.map((delay) => burst(calls, size, delay)) });
}

const figureOf = (tool: string, size: number): Figure => {
  const row = rows.find((one) => one.kind.tool === tool && one.size === size);
  const { failed, upTo } = row!.outcomes.at(-1)!;
  return { shown: `${tool}: ${failed}`, met: upTo <= GOAL };
};

const counts = [...shards].map(([name, count]) => `${name.split(":")[0] ?? ""} ${String(count)}`);

report({
  title: "Write conflicts",
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
      rows: rows.map(({ kind, size, outcomes }) => [
        ...[kind.name, size, ...outcomes.map(({ shown }) => shown)],
      ]),
    },
  ],
  findings: [
    "Chosen: 12 shards per key and 24 per tenant; numbers of orders are drawn, not counted, so that no two orders share a row (those of invoices stay a series without gaps); and one more admission after a conflict, since nothing was written.",
    "Not chosen: two transactions per call, which conflict less but cost each write a second billed call; more shards, each of which would hold fewer tokens, so that calls are refused sooner.",
  ],
  figures: {
    "conflicts of 12 writes": figureOf("customers_create", 12),
    "conflicts of 48 reads": figureOf("stock_level", 48),
    "conflicts of 12 orders": figureOf("orders_create", 12),
  },
});
