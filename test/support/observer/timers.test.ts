import { setTimeout as pause } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { endTimers } from "./timers";

test("a timer of the file before does not ring", async () => {
  const [before, own, after] = [vi.fn(), vi.fn(), vi.fn()];
  setTimeout(before, 5);
  (setTimeout(own, 5) as unknown as NodeJS.Timeout).unref();
  endTimers();
  setTimeout(after, 5);
  await pause(20);
  expect([before, own, after].map(({ mock }) => mock.calls.length)).toEqual([0, 1, 1]);
});
