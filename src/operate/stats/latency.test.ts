/** Percentiles of times that were counted in classes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { bothTimes, percentile, percentiles, withTime } from "./latency";

const count = (all: readonly number[]) => all.reduce<number[]>(withTime, []);
const times = fc.array(fc.oneof(fc.nat(2_000), fc.nat(700_000)), { minLength: 1 });
const shares = fc.constantFrom(0.01, 0.5, 0.95, 1);

test("a percentile lies in the class of the true one", () => {
  fc.assert(
    fc.property(times, shares, (all, share) => {
      const exact = all.toSorted((a, b) => a - b)[Math.ceil(share * all.length) - 1]!;
      const found = percentile(count(all), share)!;
      const classes = (ms: number) => count([ms]);
      // The upper end of a class belongs to it, and its lower end to the one before.
      expect([classes(found), classes(found + 1)]).toContainEqual(
        classes(Math.min(exact, 600_000)),
      );
    }),
  );
});

test("what is counted in two places adds up to what is counted in one", () => {
  fc.assert(
    fc.property(times, times, (a, b) => {
      expect(bothTimes(count(a), count(b))).toEqual(count([...a, ...b]));
    }),
  );
  expect(bothTimes(count([7]), [])).toEqual(count([7]));
});

test("of no times there is none", () => {
  expect(percentile([], 0.5)).toBeUndefined();
  expect(percentiles([])).toEqual({});
  expect(percentiles(count([20, 20, 20, 20]))).toEqual({ p50: 18, p95: 24 });
});
