/** How often calls of one key would fail on write conflicts, by what their transactions really read and write. */
import { conflicts, type Footprint } from "../../test/support/recording/readWrite";
import { install } from "../../test/support/recording/recorder";
import { issueKey, measure, newBackend } from "../lib/backend";
import { demoCalls } from "../lib/demo";
import type { Ask } from "../lib/mcpRequest";
import { percent, quantile, show, sum, upperEnd } from "../lib/numbers";
import { seeded } from "../lib/random";
import type { Figure } from "../lib/page";
import { isQuick, report } from "../lib/report";
import { simulate, type Call } from "../lib/retries";

/** The goals are for 12 writes and 48 reads at once. As shipped, a key has tokens for 48 writes or 192 reads, and more are refused. */
const BURSTS = [12, 48, 100];
/** How long a commit takes, in ms: not at all, on a fast disk, and as the goals assume. bench/page.md names them. */
const DELAYS = [0, 10, 30];
/** Of the calls at most so many may fail, at the upper end of the 95 % interval, with the longest delay. */
const GOAL = 0.005;
/** Calls that are simulated for each cell, at least. */
const CALLS = isQuick ? 200 : 10_000;
const RECORDED = isQuick ? 8 : 40;
/** Mutations at once: Free and Starter. */
const AT_ONCE = 16;
/** Assumed, since nothing here runs on Convex: what the gate takes, and what it takes with a tool in its transaction, in ms. bench/page.md names them. */
const GATE_TAKES = [8, 16] as const;
const BOTH_TAKE = [12, 28] as const;

const random = seeded(2);
const t = await newBackend();
install();
const { query, mutation, order } = await demoCalls(t, await issueKey(t));

/** Shards per bucket, counted in the rows that a new key gets. */
const shards = new Map<string, number>();
for (const { name } of await t.run(({ db }) => db.query("toolgateBuckets").collect()))
  shards.set(name, (shards.get(name) ?? 0) + 1);

const kinds = [
  ["query tool (stock_level)", query, GATE_TAKES],
  ["mutation tool (customers_create)", mutation, BOTH_TAKE],
  ["mutation tool with more rows (orders_create)", order, BOTH_TAKE],
] as const;

const isOther = ({ table }: { readonly table: string }): boolean => table !== "toolgateBuckets";

/** Calls of one kind, as their transactions were recorded. Which shards of a bucket they take is drawn anew for every attempt. */
const callsOf = async (ask: () => Ask, takes: Call["takes"]): Promise<Call[]> => {
  const made: (Call & Footprint & { readonly disturbedBy: Set<Call> })[] = [];
  for (let count = 0; count < RECORDED; count++) {
    const [admission] = await measure(t, ask(), '"structuredContent"');
    if (admission?.name !== "toolgate/gate:admit") throw new Error("no admission");
    const [reads, writes] = [admission.reads.filter(isOther), admission.writes.filter(isOther)];
    const taken = admission.writes.filter((write) => !isOther(write));
    const names = taken.map(({ after }) => String(after.name));
    const buckets = new Map(names.map((name) => [name, shards.get(name) ?? 1]));
    made.push({ takes, buckets, disturbedBy: new Set(), reads, writes });
  }
  for (const reader of made)
    for (const writer of made) if (conflicts(reader, writer)) reader.disturbedBy.add(writer);
  return made;
};

const burst = (calls: readonly Call[], size: number, commitMs: number) => {
  const draw = (_: unknown, at: number) => calls[(at + Math.floor(random() * 7)) % calls.length]!;
  const one = () => simulate(Array.from({ length: size }, draw), AT_ONCE, commitMs);
  const results = Array.from({ length: Math.ceil(CALLS / size) }, one);
  const each = (of: "failed" | "attempts" | "again") => results.map((result) => result[of]);
  const mean = (of: Parameters<typeof each>[0]) => sum(each(of)) / (results.length * size);
  const upTo = upperEnd(each("failed"), size);
  const failed = `${percent(mean("failed"), 2)} (≤ ${percent(upTo, 2)})`;
  const latencies = results.flatMap((result) => result.latencies);
  const p99 = Math.round(quantile(latencies, 0.99));
  const others = `${mean("attempts").toFixed(1)}, ${percent(mean("again"), 2)}`;
  return { failed, upTo, shown: `${failed}, ${show(p99)} ms, ${others}` };
};

const rows: { name: string; size: number; outcomes: ReturnType<typeof burst>[] }[] = [];
for (const [name, ask, takes] of kinds) {
  const calls = await callsOf(ask, takes);
  for (const size of BURSTS)
    rows.push({ name, size, outcomes: DELAYS.map((delay) => burst(calls, size, delay)) });
}

const figureOf = (tool: string, of: number): Figure => {
  const row = rows.find(({ name, size }) => name.includes(tool) && size === of);
  const { failed, upTo } = row!.outcomes.at(-1)!;
  return { shown: `${tool}: ${failed}`, met: upTo <= GOAL };
};

const counts = [...shards].map(([name, count]) => `${name.split(":")[0] ?? ""} ${String(count)}`);

report({
  ...{ recorded: RECORDED, "at once": AT_ONCE, calls: CALLS },
  shards: [...new Set(counts)].join(", "),
  bursts: rows.map(({ name, size, outcomes }) => [
    ...[name, size, ...outcomes.map(({ shown }) => shown)],
  ]),
  "12 writes": figureOf("customers_create", 12),
  "48 reads": figureOf("stock_level", 48),
  "12 orders": figureOf("orders_create", 12),
});
