/** How often a request looks that waits for work. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pacer, workPause } from "./pace";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

interface Look {
  readonly at: number;
  readonly pause: number;
}

/** The looks of so many seconds at a job that reports in each second given. */
const looks = (seconds: number, reports: readonly number[] = []): Look[] => {
  const startedAt = Date.now();
  const pauseAfter = pacer(workPause, (seen: number) => seen);
  const all: Look[] = [];
  for (let at = 0; at < seconds * 1000; at = Date.now() - startedAt) {
    const told = reports.filter((second) => second * 1000 <= at).length;
    const pause = pauseAfter(told);
    all.push({ at, pause });
    vi.advanceTimersByTime(pause);
  }
  return all;
};

test("a short job is noticed at once, and a quiet one costs little", () => {
  expect(looks(0.5)).toHaveLength(5);
  expect(looks(50).length).toBeLessThanOrEqual(33);
  expect(looks(280).length).toBeLessThanOrEqual(79);
  expect(Math.max(...looks(280).map(({ pause }) => pause))).toBeLessThanOrEqual(5_000);
});

test("what moves is told within a second, and again after a silence", () => {
  const everyTen = Array.from({ length: 28 }, (_, index) => index * 10);
  for (const { pause } of looks(280, everyTen)) expect(pause).toBeLessThanOrEqual(1_000);
  const after = looks(200, [150]).filter(({ at }) => at > 155 * 1000 && at < 166 * 1000);
  expect(after.length).toBeGreaterThanOrEqual(8);
  for (const { pause } of after) expect(pause).toBeLessThanOrEqual(1_000);
});

test("a look that failed is no movement", () => {
  const pauseAfter = pacer(workPause, (seen: number) => seen);
  pauseAfter(1);
  vi.advanceTimersByTime(60_000);
  expect(pauseAfter(undefined)).toBe(5_000);
  expect(pauseAfter(1)).toBe(5_000);
  expect(pauseAfter(2)).toBe(1_000);
});
