/** When the lease of a stream is renewed. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LEASE_MS } from "../../middleware/streamBudget";
import type { Exchange } from "../exchange";
import { RENEW_AFTER, streamLeaseKeeper } from "./streamLease";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.useRealTimers();
});

const STREAM_MS = 1_000_000;

const kept = (...answers: (Error | null)[]) => {
  const mutation = vi.fn(async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return null;
  });
  const exchange = {
    ...{ app: { dir: "toolgate" }, runner: { mutation }, streamLease: "a lease" },
    ...{ receivedAt: Date.now(), call: { stream: { purpose: "listening" } } },
  } as unknown as Exchange;
  return { mutation, keep: streamLeaseKeeper(exchange, Date.now() + STREAM_MS) };
};

const part = RENEW_AFTER * LEASE_MS.listening;

test("it is renewed after a part of its life, and not before", async () => {
  const { keep, mutation } = kept();
  vi.advanceTimersByTime(part - 1);
  await keep();
  expect(mutation).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  await keep();
  await keep();
  expect(mutation).toHaveBeenCalledTimes(1);
});

test("a renewal that failed is made by the next look", async () => {
  const { keep, mutation } = kept(new Error("busy"), new Error("busy"), null);
  vi.advanceTimersByTime(part);
  for (let looks = 0; looks < 5; looks++) await keep();
  expect(mutation).toHaveBeenCalledTimes(3);
});

test("what lasts until the end is not renewed", async () => {
  const { keep, mutation } = kept();
  vi.advanceTimersByTime(STREAM_MS - 1);
  await keep();
  await keep();
  expect(mutation).toHaveBeenCalledTimes(1);
});
