/**
 * Convex's rules for transactions that conflict, as an event simulation: a transaction reads at its start and commits at its end, if
 * nothing it has read was written in between; else it is tried again, four times at most, after a random part of 100 ms, 200 ms, …
 * 2 s. A deployment runs so many mutations at once (16 on Free and Starter).
 *
 * @see convex-backend, crates/common/src/knobs.rs (UDF_EXECUTOR_OCC_*), crates/application
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
}

export interface Result {
  readonly failed: number;
  /** Milliseconds of the calls that succeeded. */
  readonly latencies: readonly number[];
  readonly attempts: number;
}

const random = seeded(1);

const RETRIES = 4;
const backoff = (retry: number): number => Math.min(100 * 2 ** retry, 2_000) * random();

interface Commit {
  readonly at: number;
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

export const simulate = ({ calls, atOnce }: Burst): Result => {
  const clock = new Clock();
  const commits: Commit[] = [];
  const waiting: ((now: number) => void)[] = [];
  const latencies: number[] = [];
  let [free, failed, attempts] = [atOnce, 0, 0];

  const enter = (now: number, run: (now: number) => void): void => {
    if (free === 0) return void waiting.push(run);
    free--;
    run(now);
  };
  const leave = (now: number): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next(now);
  };
  const attempt = (steps: readonly Step[], retry: number, start: number): void => {
    const [step, ...rest] = steps;
    if (step === undefined) return void latencies.push(start);
    attempts++;
    const shards = drawShards(step);
    const [least, most] = step.takes;
    clock.at(start + least + random() * (most - least), (now) => {
      leave(now);
      const since = commits.findLastIndex(({ at }) => at <= start) + 1;
      const lost = commits.slice(since).some((commit) => isDisturbed(step, shards, commit));
      if (!lost) {
        commits.push({ at: now, step, shards });
        if (rest.length === 0) latencies.push(now);
        else enter(now, (at) => attempt(rest, 0, at));
      } else if (retry === RETRIES) failed++;
      else
        clock.at(now + backoff(retry), (later) =>
          enter(later, (at) => attempt(steps, retry + 1, at)),
        );
    });
  };
  for (const steps of calls) clock.at(0, (now) => enter(now, (at) => attempt(steps, 0, at)));
  clock.finish();
  return { failed, latencies, attempts };
};
