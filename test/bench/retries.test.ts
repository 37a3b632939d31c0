/** The simulation of write conflicts: what a commit's delay does, and what is told of how sure a share is. */
import { expect, test } from "vitest";
import { simulate, type Step } from "../../bench/lib/retries";
import { upperEnd } from "../../bench/lib/stats";

const NONE = new Map<string, number>();

/** Takes exactly so long. All steps of a call are its transactions. */
const step = (ms: number, disturbedBy: Step["disturbedBy"] = () => false): Step => ({
  ...{ takes: [ms, ms], buckets: NONE },
  disturbedBy,
});

const run = (calls: readonly (readonly Step[])[], commitMs: number, atOnce = 16) =>
  simulate({ calls, atOnce, commitMs });

test("a commit can be read, and its caller hears, only after its delay", () => {
  expect(run([[step(10)]], 0).latencies).toEqual([10]);
  expect(run([[step(10)]], 30).latencies).toEqual([40]);
  expect(run([[step(10), step(5)]], 30).latencies).toEqual([75]);
});

test.each([0, 30])("what begins before a commit can be read conflicts with it, %i ms", (delay) => {
  const writer = step(10);
  const reader = step(10, (other) => other === writer);
  expect(run([[writer], [step(5), reader]], delay).attempts).toBe(4);
  expect(run([[writer], [step(15), reader]], delay).attempts).toBe(3);
});

test("it is tried again once it can read what it conflicted with", () => {
  const always = step(10, () => true);
  const one = step(1);
  const { latencies, attempts } = run([[one], [always]], 5_000);
  // The longest first backoff is 100 ms, so the delay decides.
  expect([attempts, latencies]).toEqual([3, [5_001, 10_011]]);
});

test("a transaction sees what could be read before it waited for its slot", () => {
  const writer = step(10);
  const waiting = step(10, (other) => other === writer);
  // Of those that come at once the last gets the first slot.
  expect(run([[waiting], [writer]], 0, 1).attempts).toBe(3);
  expect(run([[writer], [waiting]], 0, 1).attempts).toBe(2);
});

test("after four more tries it is made once more, and after four more of those it has failed", () => {
  // Every 10 ms another commit comes.
  const busyFor = (commits: number) => {
    const busy = Array.from({ length: commits }, () => step(10));
    const unlucky = step(10, (other) => busy.includes(other));
    return run([busy, [unlucky]], 0);
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
