/** A worker that comes late, dies or cannot write its end: what becomes of its job. */
import { v } from "convex/values";
import { expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalMutation } from "../../convex/_generated/server";
import { LEASE_MS, QUEUE_MS } from "../../src/jobs/job";
import { issueKey } from "../support/gate";
import { jobOf, newApp, newGate, noWorker } from "../support/longApp";
import { start } from "../support/streamClient";
import {
  claim,
  expire,
  finish,
  holdClock,
  never,
  endOf,
  pass,
  queued,
  renew,
  report,
} from "./setup";

test("a job that never began has failed for certain, and its worker then does nothing", async () => {
  holdClock();
  const played = vi.fn(async () => "done");
  const t = await newApp(played, { worker: noWorker });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  pass(QUEUE_MS - 1);
  await expire(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "queued" });
  pass(2);
  await expire(t, jobId);
  const job = await jobOf(t, jobId);
  expect(job).toMatchObject({ state: "failed", failure: { code: "not_started" } });
  expect(await endOf(t, job)).toMatchObject({ outcome: "failed", reason: "not_started" });
  expect(await claim(t, jobId)).toBeNull();
  expect(await jobOf(t, jobId)).toEqual(job);
});

test("the worker of a job that was given up does not touch the tool", async () => {
  holdClock();
  const played = vi.fn(async () => "done");
  const t = await newApp(played);
  const { key } = await issueKey(t);
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const jobId = await start(t, key);
  pass(QUEUE_MS + 1);
  await expire(t, jobId);
  await t.action(internal.toolgate.worker.run, { jobId });
  expect(played).not.toHaveBeenCalled();
  expect(await jobOf(t, jobId)).toMatchObject({ state: "failed" });
});

test("a worker that is not heard of for a lease leaves the job unknown; a late end changes nothing", async () => {
  holdClock();
  const { t, jobId, cancel } = await queued();
  await claim(t, jobId);
  pass(10_000);
  expect(await report(t, jobId, 3)).toBe(false);
  pass(LEASE_MS - 1);
  await expire(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
  pass(1);
  await expire(t, jobId);
  const lost = await jobOf(t, jobId);
  expect(lost).toMatchObject({ state: "unknown", progress: { done: 3 } });
  expect(await endOf(t, lost)).toMatchObject({ outcome: "unknown", at: Date.now() });
  pass(5_000);
  await finish(t, jobId);
  await finish(t, jobId, "oops");
  await renew(t, jobId);
  await cancel();
  await expire(t, jobId);
  expect(await report(t, jobId, 4)).toBe(true);
  expect(await jobOf(t, jobId)).toEqual(lost);
});

test("a worker that renews its lease is left alone", async () => {
  holdClock();
  const { t, jobId } = await queued();
  await claim(t, jobId);
  for (let minute = 0; minute < 5; minute++) {
    pass(LEASE_MS - 1_000);
    await renew(t, jobId);
    pass(LEASE_MS - 1_000);
    await report(t, jobId, minute);
    await expire(t, jobId);
  }
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working", progress: { done: 4 } });
});

/** Timers are the test's, so what the watchdog and the worker do by themselves is seen. */
const runClock = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const fakeTimers = () =>
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });

const deaf = internalMutation({
  args: { jobId: v.string() },
  returns: v.null(),
  handler: async () => null,
});

test("by itself: a dead worker is found within a minute", async () => {
  fakeTimers();
  // The worker takes the job and is not heard of again.
  const t = await newApp(never, { jobs: { renew: deaf } });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await runClock(1_000);
  const job = await jobOf(t, jobId);
  expect(job.state).toBe("working");
  await runClock(LEASE_MS - 2_000);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
  await runClock(60_000 - LEASE_MS + 2_000);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "unknown" });
});

test("by itself: a job whose worker never starts ends within a minute, and calls it so", async () => {
  fakeTimers();
  const t = await newApp(never, { worker: noWorker });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await runClock(QUEUE_MS + 100);
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "failed", failure: { code: "not_started" } },
  });
});

test("by itself: a job of five silent minutes is left alone, and ends well", async () => {
  fakeTimers();
  const gate = newGate();
  const t = await newApp(async () => {
    await gate.opened;
    return "done";
  });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await runClock(300_000);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
  gate.open();
  await runClock(1_000);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded", result: '"done"' });
  await runClock(120_000);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded" });
});

test("a worker that comes after the time to wait does not begin, whether the watchdog has been or not", async () => {
  holdClock();
  const { t, jobId } = await queued();
  pass(QUEUE_MS + 1);
  expect(await claim(t, jobId)).toBeNull();
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "failed", failure: { code: "not_started" } },
  });
});

test("the end of a job is written though the database refuses four times", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { finish: real } = await import("../../convex/toolgate/jobs");
  let refused = 0;
  const flaky = internalMutation({
    args: { jobId: v.string(), worker: v.string(), outcome: v.any() },
    returns: v.null(),
    handler: async (ctx, args) => {
      if (++refused <= 4) throw new Error("Documents changed while this mutation was being run");
      await (real as unknown as Handled)._handler(ctx, args);
      return null;
    },
  });
  fakeTimers();
  const t = await newApp(async () => "done", { jobs: { finish: flaky } });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await runClock(20_000);
  expect(refused).toBe(5);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded", result: '"done"' });
});

interface Handled {
  readonly _handler: (ctx: unknown, args: unknown) => Promise<unknown>;
}
