/** The simulation of write conflicts: what a commit's delay does, and what is told of how sure a share is. */
import { expect, test } from "vitest";
import { upperEnd } from "../../bench/lib/numbers";
import { simulate, type Call } from "../../bench/lib/retries";

const NONE = new Map<string, number>();

/** Takes exactly so long, is disturbed by those, and comes then. */
const call = (ms: number, disturbing: readonly Call[] = [], at = 0): Call => ({
  ...{ at, takes: [ms, ms], buckets: NONE, disturbedBy: new Set(disturbing) },
});

const run = (calls: readonly Call[], commitMs: number, atOnce = 16) =>
  simulate(calls, atOnce, commitMs);

test("a commit can be read, and its caller hears, only after its delay", () => {
  expect(run([call(10)], 0).latencies).toEqual([10]);
  expect(run([call(10)], 30).latencies).toEqual([40]);
  expect(run([call(10, [], 7)], 30).latencies).toEqual([40]);
});

test.each([0, 30])("what begins before a commit can be read conflicts with it, %i ms", (delay) => {
  const writer = call(10);
  const reader = (at: number) => call(10, [writer], at);
  expect(run([writer, reader(9 + delay)], delay).attempts).toBe(3);
  expect(run([writer, reader(10 + delay)], delay).attempts).toBe(2);
});

test("it is tried again once it can read what it conflicted with", () => {
  const one = call(1);
  const { latencies, attempts } = run([one, call(10, [one])], 5_000);
  // The longest first backoff is 100 ms, so the delay decides.
  expect([attempts, latencies]).toEqual([3, [5_001, 10_011]]);
});

test("a transaction sees what could be read before it waited for its slot", () => {
  const writer = call(10);
  const waiting = call(10, [writer]);
  // Of those that come at once the first gets the first slot.
  expect(run([writer, waiting], 0, 1).attempts).toBe(3);
  expect(run([waiting, writer], 0, 1).attempts).toBe(2);
});

test("so many run at once, and the others wait in line", () => {
  const calls = [10, 10, 10].map((ms) => call(ms));
  expect(run(calls, 0, 1).latencies).toEqual([10, 20, 30]);
  expect(run(calls, 0, 2).latencies).toEqual([10, 10, 20]);
});

test("those that take from the same shard of a bucket conflict", () => {
  const taking = (shards: number): Call => ({ ...call(10), buckets: new Map([["key", shards]]) });
  expect(run([taking(1), taking(1)], 0).attempts).toBe(3);
  // Of so many shards no two calls draw the same one.
  expect(run([taking(2 ** 40), taking(2 ** 40)], 0).attempts).toBe(2);
});

test("after four more tries it is made once more, and after four more of those it has failed", () => {
  // Every 10 ms another commit comes.
  const busyFor = (commits: number) => {
    const busy = Array.from({ length: commits }, (_, at) => call(10, [], 10 * at));
    return run([...busy, call(10, busy)], 0);
  };
  expect(busyFor(1_000)).toMatchObject({ failed: 1, attempts: 1_010, again: 1 });
  // The four backoffs are 1.5 s at most, and it takes 10 ms itself each time.
  const { failed, attempts } = busyFor(100);
  expect([failed, attempts >= 102 && attempts <= 110]).toEqual([0, true]);
});

test("a share is told with what it may be in truth", () => {
  // Wilson's interval for 0, 5 and 50 of 1,000.
  expect(upperEnd(Array<number>(100).fill(0), 10)).toBeCloseTo(0.00383, 4);
  const spread = Array.from({ length: 100 }, (_, index) => (index % 20 === 0 ? 1 : 0));
  expect(upperEnd(spread, 10)).toBeCloseTo(0.01165, 4);
  // The same share, but all of a burst fare alike: ten times fewer values.
  const alike = Array.from({ length: 100 }, (_, index) => (index % 20 === 0 ? 10 : 0));
  const apart = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : 0));
  expect(upperEnd(alike, 10)).toBeGreaterThan(0.1);
  expect(upperEnd(apart, 10)).toBeCloseTo(0.0653, 3);
});
