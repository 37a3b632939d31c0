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

/** One transaction of a call. */
export interface Step {
  /** Shortest and longest time it takes, in milliseconds. */
  readonly takes: readonly [number, number];
  /** Buckets it takes a token from, each with so many shards. */
  readonly buckets: ReadonlyMap<string, number>;
  /** Whether a commit of the given call's step would disturb this one, apart from buckets. */
  readonly disturbedBy: (other: Step) => boolean;
}

export interface Burst {
  /** The steps of each call, one after the other. */
  readonly calls: readonly (readonly Step[])[];
  readonly atOnce: number;
  /** From the moment that a commit is decided until it can be read, in milliseconds. */
  readonly commitMs: number;
}

export interface Result {
  readonly failed: number;
  /** Milliseconds of the calls that succeeded. */
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
  readonly readableAt: number;
  readonly step: Step;
  readonly shards: ReadonlyMap<string, number>;
}

/** Runs what is due, in order of time. */
class Clock {
  private readonly due: { at: number; run: (now: number) => void }[] = [];

  at(at: number, run: (now: number) => void): void {
    let place = this.due.length;
    while (place > 0 && (this.due[place - 1]?.at ?? 0) < at) place--;
    this.due.splice(place, 0, { at, run });
  }

  finish(): void {
    for (let next = this.due.pop(); next !== undefined; next = this.due.pop()) next.run(next.at);
  }
}

const drawShards = ({ buckets }: Step): Map<string, number> =>
  new Map([...buckets].map(([name, shards]) => [name, Math.floor(random() * shards)]));

const isDisturbed = (step: Step, shards: ReadonlyMap<string, number>, commit: Commit): boolean =>
  [...shards].some(([name, shard]) => commit.shards.get(name) === shard) ||
  step.disturbedBy(commit.step);

/** So many run at once; the others wait in line. */
class Slots {
  private readonly waiting: ((now: number) => void)[] = [];

  constructor(private free: number) {}

  enter(now: number, run: (now: number) => void): void {
    if (this.free === 0) return void this.waiting.push(run);
    this.free--;
    run(now);
  }

  leave(now: number): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free++;
    else next(now);
  }
}

export const simulate = ({ calls, atOnce, commitMs }: Burst): Result => {
  const clock = new Clock();
  const slots = new Slots(atOnce);
  /** In the order in which they become readable, since all take as long. */
  const commits: Commit[] = [];
  const latencies: number[] = [];
  let [failed, attempts, again] = [0, 0, 0];

  const attempt = (
    steps: readonly Step[],
    retry: number,
    begun: number,
    isSecond = false,
  ): void => {
    const [step, ...rest] = steps;
    if (step === undefined) return void latencies.push(begun);
    attempts++;
    const shards = drawShards(step);
    const [least, most] = step.takes;
    const decide = (now: number): void => {
      const since = commits.findLastIndex(({ readableAt }) => readableAt <= begun) + 1;
      const conflict = commits.slice(since).find((commit) => isDisturbed(step, shards, commit));
      if (conflict === undefined) {
        const readableAt = now + commitMs;
        commits.push({ readableAt, step, shards });
        clock.at(readableAt, (at) => attempt(rest, 0, at));
      } else if (retry < RETRIES) {
        const from = Math.max(now + backoff(retry), conflict.readableAt);
        clock.at(from, (at) => attempt(steps, retry + 1, at, isSecond));
      } else if (isSecond) failed++;
      else {
        again++;
        clock.at(now + PAUSE_MS * random(), (at) => attempt(steps, 0, at, true));
      }
    };
    slots.enter(begun, (start) =>
      clock.at(start + least + random() * (most - least), (now) => {
        slots.leave(now);
        decide(now);
      }),
    );
  };
  for (const steps of calls) clock.at(0, (now) => attempt(steps, 0, now));
  clock.finish();
  return { failed, latencies, attempts, again };
};
