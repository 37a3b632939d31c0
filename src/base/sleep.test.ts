import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { sleepUnlessAborted } from "./sleep";

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

test("a pause ends when its time is up, and leaves no timer and no listener", async () => {
  vi.useFakeTimers();
  try {
    const { signal } = new AbortController();
    for (let count = 0; count < 3; count++) {
      const paused = sleepUnlessAborted(1_000, signal);
      expect([vi.getTimerCount(), listeners(signal)]).toEqual([1, 1]);
      await vi.advanceTimersByTimeAsync(1_000);
      await paused;
      expect([vi.getTimerCount(), listeners(signal)]).toEqual([0, 0]);
    }
  } finally {
    vi.useRealTimers();
  }
});

test("a pause ends with the signal, or at once if that has ended before", async () => {
  const controller = new AbortController();
  const paused = sleepUnlessAborted(60_000, controller.signal);
  controller.abort();
  await paused;
  expect(listeners(controller.signal)).toBe(0);
  await sleepUnlessAborted(60_000, controller.signal);
  expect(listeners(controller.signal)).toBe(0);
});
