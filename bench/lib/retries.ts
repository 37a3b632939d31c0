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
  /** Whether a commit of the given call would disturb this one, apart from buckets. */
  readonly disturbedBy: (other: Call) => boolean;
}

export interface Burst {
  readonly calls: readonly Call[];
  readonly atOnce: number;
  /** From the moment that a commit is decided until it can be read, in milliseconds. */
  readonly commitMs: number;
}

export interface Result {
  readonly failed: number;
  /** Milliseconds until a call that succeeded was answered. */
  readonly latencies: readonly number[];
  readonly attempts: number;
  /** Calls that were admitted once more: each is a second billed call. */
  readonly again: number;
}

const random = seeded(1);

/** The longest pause before the second admission: `PAUSE_MS` of src/mcp/admit.ts, which nothing else needs. */
const PAUSE_MS = 1_000;

const RETRIES = 4;
const backoff = (retry: number): number => Math.min(100 * 2 ** retry, 2_000) * random();

interface Commit {
  readonly call: Call;
  readonly shards: ReadonlyMap<string, number>;
  readonly readableAt: number;
}

/** Runs what is due, in order of time; of what is due at once the first that was told. */
class Clock {
  readonly #due: { at: number; run: () => void }[] = [];

  at(at: number, run: () => void): void {
    this.#due.splice(this.#due.findLastIndex((other) => other.at <= at) + 1, 0, { at, run });
  }

  finish(): void {
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) next.run();
  }
}

const isDisturbed = ({ call, shards }: Omit<Commit, "readableAt">, commit: Commit): boolean =>
  [...shards].some(([name, shard]) => commit.shards.get(name) === shard) ||
  call.disturbedBy(commit.call);

export const simulate = ({ calls, atOnce, commitMs }: Burst): Result => {
  const clock = new Clock();
  /** When each slot is free, the first of them first: calls wait for it in line. */
  const slots = Array<number>(atOnce).fill(0);
  /** In the order in which they become readable, since all take as long. */
  const commits: Commit[] = [];
  const latencies: number[] = [];
  let [failed, attempts, again] = [0, 0, 0];

  const attempt = (call: Call, begun: number, retry: number, isSecond: boolean): void => {
    attempts++;
    const shards = new Map(
      [...call.buckets].map(([name, count]) => [name, Math.floor(random() * count)]),
    );
    const [least, most] = call.takes;
    const now = Math.max(begun, slots.shift() ?? NaN) + least + random() * (most - least);
    slots.splice(slots.findLastIndex((free) => free <= now) + 1, 0, now);
    clock.at(now, () => {
      const since = commits.findLastIndex(({ readableAt }) => readableAt <= begun) + 1;
      const conflict = commits.slice(since).find((one) => isDisturbed({ call, shards }, one));
      if (conflict === undefined) {
        commits.push({ call, shards, readableAt: now + commitMs });
        latencies.push(now + commitMs - (call.at ?? 0));
      } else if (retry < RETRIES) {
        const from = Math.max(now + backoff(retry), conflict.readableAt);
        clock.at(from, () => {
          attempt(call, from, retry + 1, isSecond);
        });
      } else if (isSecond) failed++;
      else {
        again++;
        const from = now + PAUSE_MS * random();
        clock.at(from, () => {
          attempt(call, from, 0, true);
        });
      }
    });
  };
  for (const call of calls)
    clock.at(call.at ?? 0, () => {
      attempt(call, call.at ?? 0, 0, false);
    });
  clock.finish();
  return { failed, latencies, attempts, again };
};
