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

const RETRIES = 4;
const backoff = (retry: number): number => Math.min(100 * 2 ** retry, 2_000) * random();

/** Runs what is due, in order of time, and of what is due at once what was told first. */
class Agenda {
  readonly #due: { at: number; run: (now: number) => void }[] = [];

  add(at: number, run: (now: number) => void): void {
    this.#due.splice(this.#due.findLastIndex((other) => other.at <= at) + 1, 0, { at, run });
  }

  finish(): void {
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift())
      next.run(next.at);
  }
}

/** Shards by bucket. */
type Shards = ReadonlyMap<string, number>;

const drawShards = ({ buckets }: Call): Shards =>
  new Map([...buckets].map(([name, count]) => [name, Math.floor(random() * count)]));

const areShared = (mine: Shards, theirs: Shards): boolean =>
  [...mine].some(([name, shard]) => theirs.get(name) === shard);

/**
 * @param atOnce - how many transactions.
 * @param commitMs - from the moment that a commit is decided until it can be read, in milliseconds.
 * @returns the milliseconds until each call that succeeded was answered, how many failed, the transactions, and how many calls were
 * admitted once more: each is a second billed call.
 */
export const simulate = (calls: readonly Call[], atOnce: number, commitMs: number) => {
  const due = new Agenda();
  /** When each slot is free: calls wait for the first, in line. */
  const slots = Array<number>(atOnce).fill(0);
  /** In the order in which they become readable, since all take as long. */
  const commits: { call: Call; shards: Shards; readableAt: number }[] = [];
  const latencies: number[] = [];
  let [failed, attempts, again] = [0, 0, 0];

  const attempt = (call: Call, begun: number, retry = 0, isSecond = false): void => {
    attempts++;
    const shards = drawShards(call);
    const [least, most] = call.takes;
    const free = Math.min(...slots);
    const ends = Math.max(begun, free) + least + random() * (most - least);
    slots[slots.indexOf(free)] = ends;
    due.add(ends, (now) => {
      const since = commits.findLastIndex(({ readableAt }) => readableAt <= begun) + 1;
      const conflict = commits
        .slice(since)
        .find((one) => areShared(shards, one.shards) || call.disturbedBy.has(one.call));
      if (conflict === undefined) {
        commits.push({ call, shards, readableAt: now + commitMs });
        latencies.push(now + commitMs - (call.at ?? 0));
      } else if (retry < RETRIES) {
        const from = Math.max(now + backoff(retry), conflict.readableAt);
        due.add(from, (at) => void attempt(call, at, retry + 1, isSecond));
      } else if (isSecond) failed++;
      else {
        again++;
        due.add(now + PAUSE_MS * random(), (at) => void attempt(call, at, 0, true));
      }
    });
  };
  for (const call of calls) due.add(call.at ?? 0, (at) => void attempt(call, at));
  due.finish();
  return { failed, latencies, attempts, again };
};
