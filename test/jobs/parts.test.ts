/** Jobs that take longer than an action of Convex may: each part is an action of its own, and all of them are one job. */
import type { Value } from "convex/values";
import { expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey } from "../support/gate";
import { jobOf, newApp, newGate, noWorker } from "../support/longApp";
import { call, progressOf, start, until } from "../support/streamClient";
import { claim, endOf, handOn, never, queued, renew } from "./setup";
import { args, inParts, goOn, run } from "./inParts";

test("three parts get the same arguments, what the part before has handed on, and are one job", async () => {
  const cursor = { at: 2n, bytes: new Uint8Array([1, 2]).buffer, list: [null, "é", 0.5] };
  const { seen, script } = inParts(
    async ({ continueLater }) => continueLater(cursor),
    async ({ continueLater }) => continueLater("half"),
    async () => ({ made: 3 }),
  );
  const { t, result, job } = await run(script);
  expect(result.structuredContent).toEqual({ made: 3 });
  expect(seen).toEqual(
    [undefined, cursor, "half"].map((checkpoint) => ({ checkpoint, label: "a" })),
  );
  expect(job).toMatchObject({ state: "succeeded", result: '{"made":3}' });
  expect(Object.keys(job)).not.toEqual(expect.arrayContaining(["arguments"]));
  expect(job).not.toHaveProperty("checkpoint");
  expect(await endOf(t, job)).toMatchObject({ outcome: "succeeded" });
});

test("its progress never goes back, whatever a later part counts", async () => {
  const { script } = inParts(
    async (job, part) => {
      await job.progress(6, 10, "six");
      return goOn(job, part);
    },
    async (job, part) => {
      await job.progress(1, 10, "one");
      expect(await job.cancelled()).toBe(false);
      await job.log("info", "still here");
      return goOn(job, part);
    },
    async (job) => {
      await job.progress(8, 10, "eight");
      throw new Error("crash");
    },
  );
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { heard, result, job } = await run(script);
  const told = progressOf(heard).map(({ progress }) => Number(progress));
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told).toEqual(expect.arrayContaining([6, 8]));
  // A crash in a later part is as one in the first: nobody knows what it did.
  expect(job).toMatchObject({
    state: "unknown",
    progress: { done: 8, total: 10, message: "eight" },
  });
  expect(result.content[0]!.text).toContain("outcome_unknown");
});

test("a lower count of a later part is not kept", async () => {
  const { script } = inParts(
    async (job, part) => {
      await job.progress(6);
      return goOn(job, part);
    },
    async (job) => {
      await job.progress(1);
      throw new Error("crash");
    },
  );
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect((await run(script)).job.progress).toEqual({ done: 6 });
});

test("a call with the same idempotency key joins a later part, and then replays the end", async () => {
  const gate = newGate();
  const { seen, script } = inParts(goOn, async () => {
    await gate.opened;
    return { made: 2 };
  });
  const t = await newApp(script);
  const { key } = await issueKey(t);
  const jobId = await start(t, key, "slow", args);
  await until(async () => seen.length === 2);
  const joined = call(t, key, "slow", args);
  await until(async () => (await jobOf(t, jobId)).watchers === 2);
  gate.open();
  expect((await joined).structuredContent).toEqual({ made: 2 });
  const again = await call(t, key, "slow", args);
  expect([again.structuredContent, again._meta]).toMatchObject([
    { made: 2 },
    { "toolgate/replayed": true },
  ]);
  expect(seen).toHaveLength(2);
});

test.each([
  ["long", "x".repeat(64 * 1024), /65536 bytes/],
  ["that is no Convex value", (() => 1) as unknown as Value, /not a supported Convex type/],
])(
  "a checkpoint %s is a mistake of the tool: it may have done a part",
  async (_what, value, why) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { seen, script } = inParts(async ({ continueLater }) => continueLater(value));
    const { job, result } = await run(script);
    expect(job).toMatchObject({ state: "unknown", failure: { code: "internal" } });
    expect(result.content[0]!.text).not.toMatch(why);
    expect(JSON.stringify(logged.mock.calls.map(String))).toMatch(why);
    expect(seen).toHaveLength(1);
  },
);

test("the longest checkpoint fits into the row beside the longest arguments and reports", async () => {
  const t = await newApp(never, { worker: noWorker });
  const { key } = await issueKey(t);
  const given = { label: "x".repeat(900 * 1024 - 20) };
  const jobId = await start(t, key, "slow", given);
  const claimed = (await claim(t, jobId))!;
  await renew(t, jobId);
  const log = { level: "info", data: "界".repeat(1_000) };
  for (let report = 0; report < 60; report++)
    await t.mutation(internal.toolgate.jobs.report, { jobId, log });
  const checkpoint = JSON.stringify("y".repeat(64 * 1024 - 2));
  const outcome = { state: "goes_on" as const, checkpoint, arguments: claimed.arguments };
  await t.mutation(internal.toolgate.jobs.finish, { jobId, worker: "w", outcome });
  const row = new TextEncoder().encode(JSON.stringify(await jobOf(t, jobId))).length;
  expect(row).toBeLessThan(1024 * 1024);
  expect(row).toBeGreaterThan(960 * 1024);
  const next = await claim(t, jobId, "next");
  expect(next).toEqual({ ...claimed, checkpoint });
});

test("only the worker that has the job hands it on, and once", async () => {
  const { t, jobId } = await queued();
  await claim(t, jobId);
  await handOn(t, jobId, "1", "other");
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
  await handOn(t, jobId, "2");
  await claim(t, jobId, "next");
  await handOn(t, jobId, "3");
  expect(await jobOf(t, jobId)).toMatchObject({ state: "working", checkpoint: "2" });
});
