/**
 * Convex's rules for transactions that conflict, as an event simulation.
 *
 * - A transaction sees what could be read when it began. It begins before it has a slot, so what is committed while it waits for one
 *   counts too. A deployment runs so many mutations at once (16 on Free and Starter); a commit needs no slot.
 * - A commit takes a while: from its first moment others conflict with it, but only at its end can they read it, and its caller hear
 *   of it.
 * - A transaction that conflicts is tried again, four times at most, after a random part of 100 ms, 200 ms, … 2 s, and not before the
 *   commit that it conflicts with can be read.
 * - Then the HTTP action admits the call once more, after a pause that it draws: src/mcp/admit.ts.
 *
 * @see get-convex/convex-backend 94a42c3: crates/common/src/knobs.rs:289 (UDF_EXECUTOR_OCC_*),
 * crates/application/src/application_function_runner/mod.rs:405-449 (slots) and 935-1063 (tries),
 * crates/database/src/committer.rs:1006 (what conflicts)
 */
import { seeded } from "./random";

/** A call, which is one transaction. */
export interface Call {
  /** When it comes, in milliseconds: at once unless stated. */
  readonly at?: number;
  /** Shortest and longest time it takes, in milliseconds. */
  readonly takes: readonly [number, number];
  /** Buckets it takes a token from, each with so many shards. */
  readonly buckets: ReadonlyMap<string, number>;
  /** Those whose commits disturb it, apart from buckets. */
  readonly disturbedBy: ReadonlySet<Call>;
}

const random = seeded(1);

/** The longest pause before the second admission: `PAUSE_MS` of src/mcp/admit.ts, which nothing else needs. */
const PAUSE_MS = 1_000;

/** Tries after the first, in each of the two admissions. */
const RETRIES = 4;
const backoff = (retry: number): number => Math.min(100 * 2 ** retry, 2_000) * random();

const drawShards = ({ buckets }: Call): string[] =>
  [...buckets].map(([name, count]) => `${name} ${String(Math.floor(random() * count))}`);

type Run = (now: number) => void;

/**
 * @param atOnce - how many transactions.
 * @param commitMs - from the moment that a commit is decided until it can be read, in milliseconds.
 * @returns the milliseconds until each call that succeeded was answered, how many failed, the transactions, and how many calls were
 * admitted once more: each is a second billed call.
 */
export const simulate = (calls: readonly Call[], atOnce: number, commitMs: number) => {
  /** In order of time; what is due at once runs in the order in which it was told. */
  const due: { at: number; run: Run }[] = [];
  const runAt = (at: number, run: Run): void =>
    void due.splice(due.findLastIndex((other) => other.at <= at) + 1, 0, { at, run });
  /** When each slot is free: calls wait for the first, in line. */
  const slots = Array<number>(atOnce).fill(0);
  const commits: { call: Call; shards: string[]; readableAt: number }[] = [];
  const latencies: number[] = [];
  let [failed, attempts, again] = [0, 0, 0];

  const attempt = (call: Call, begun: number, retry = 0, isSecond = false): void => {
    attempts++;
    const shards = drawShards(call);
    const [least, most] = call.takes;
    const free = Math.min(...slots);
    const ends = Math.max(begun, free) + least + random() * (most - least);
    slots[slots.indexOf(free)] = ends;
    const conflictsWith = (other: (typeof commits)[number]): boolean =>
      other.readableAt > begun &&
      (call.disturbedBy.has(other.call) || shards.some((one) => other.shards.includes(one)));
    runAt(ends, (now) => {
      const conflict = commits.find(conflictsWith);
      if (conflict === undefined) {
        commits.push({ call, shards, readableAt: now + commitMs });
        latencies.push(now + commitMs - (call.at ?? 0));
      } else if (retry < RETRIES) {
        const from = Math.max(now + backoff(retry), conflict.readableAt);
        runAt(from, (at) => void attempt(call, at, retry + 1, isSecond));
      } else if (isSecond) failed++;
      else {
        again++;
        runAt(now + PAUSE_MS * random(), (at) => void attempt(call, at, 0, true));
      }
    });
  };
  for (const call of calls) runAt(call.at ?? 0, (at) => void attempt(call, at));
  for (let next = due.shift(); next !== undefined; next = due.shift()) next.run(next.at);
  return { failed, latencies, attempts, again };
};
