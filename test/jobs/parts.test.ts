/** Jobs that take longer than an action of Convex may: each part is an action of its own, and all of them are one job. */
import type { Value } from "convex/values";
import { afterEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Job } from "../../src/jobs/handle";
import { issueKey, rows } from "../support/gate";
import { jobOf, newApp, newGate, noWorker, theJob, type Script } from "../support/longApp";
import { call, open, progressOf, responseOf, start, until } from "../support/streamClient";
import {
  auditOf,
  claim,
  endOf,
  expire,
  handOn,
  holdClock,
  never,
  pass,
  queued,
  renew,
} from "./setup";

afterEach(() => {
  delete process.env.TOOLGATE_STOP;
});

const args = { label: "a", idempotencyKey: "once-1234" };

/** Runs the tool in as many parts as there are steps; keeps what each was given. */
const inParts = (...steps: ((job: Job, part: number) => Promise<unknown>)[]) => {
  const seen: { checkpoint: Value | undefined; label: string }[] = [];
  const script: Script = async (job, label) => {
    const part = seen.length;
    seen.push({ checkpoint: job.checkpoint, label });
    return steps[part]!(job, part);
  };
  return { seen, script };
};

const goOn = async ({ continueLater }: Job, part: number) => continueLater({ part });

/** Calls the tool and waits until its job has ended. */
const run = async (script: Script) => {
  const t = await newApp(script);
  const { key } = await issueKey(t);
  const heard = await (await open(t, key, "slow", args, { progressToken: 1 })).ended;
  return { t, key, heard, result: responseOf(heard).result!, job: await theJob(t) };
};

const scheduled = (t: Awaited<ReturnType<typeof newApp>>) =>
  t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());

/** A job whose first part is over, and whose second has not begun. */
const betweenParts = async () => {
  const app = await queued();
  const { t, jobId } = app;
  await claim(t, jobId);
  await handOn(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "queued", checkpoint: "7" });
  return app;
};

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

test("to cancel between two parts ends it at once", async () => {
  const { t, key, jobId } = await betweenParts();
  expect((await call(t, key, "jobs_cancel", { jobId })).structuredContent).toEqual({
    ...{ jobId, state: "cancelled" },
  });
  expect(await claim(t, jobId, "next")).toBe(null);
  const job = await jobOf(t, jobId);
  expect(job).not.toHaveProperty("arguments");
  expect(job).not.toHaveProperty("checkpoint");
  expect(await endOf(t, job)).toMatchObject({ outcome: "cancelled" });
});

test("what was cancelled while a part ran does not go on", async () => {
  const gate = newGate();
  const { seen, script } = inParts(async (job, part) => {
    await gate.opened;
    return goOn(job, part);
  });
  const t = await newApp(script);
  const { key } = await issueKey(t);
  const jobId = await start(t, key, "slow", args);
  await until(async () => seen.length === 1);
  await call(t, key, "jobs_cancel", { jobId });
  gate.open();
  await until(async () => (await jobOf(t, jobId)).state === "cancelled");
  expect(seen).toHaveLength(1);
});

test.each(["before the part ends", "between two parts"])(
  "a key that is revoked %s",
  async (when) => {
    const app = when === "between two parts" ? await betweenParts() : await queued();
    const { t, jobId, principal } = app;
    await claim(t, jobId);
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId: principal.keyId, reason: "test" });
    await handOn(t, jobId);
    expect(await claim(t, jobId, "next")).toBe(null);
    const job = await jobOf(t, jobId);
    expect(await endOf(t, job)).toMatchObject({ outcome: "cancelled" });
  },
);

test("an operator's stop ends it as cancelled, for a part of it is done", async () => {
  const { t, jobId } = await betweenParts();
  process.env.TOOLGATE_STOP = "writes";
  expect(await claim(t, jobId, "next")).toBe(null);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
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

test("it waits for its next part longer than a new job, and is unknown then", async () => {
  holdClock();
  const { t, key, jobId } = await betweenParts();
  pass(29 * 60_000);
  await expire(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "queued" });
  pass(2 * 60_000);
  expect(await claim(t, jobId, "late")).toBe(null);
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "unknown", failure: { code: "not_continued" } },
  });
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "unknown" });
});

test("a worker that Convex has lost between two parts is sent again", async () => {
  const app = await betweenParts();
  const { t, jobId } = app;
  const isWorker = ({ name }: { name: string }) => name.endsWith("worker:run");
  const sent = async () => (await scheduled(t)).filter(isWorker).length;
  const before = await sent();
  await expire(t, jobId);
  expect(await sent()).toBe(before + 1);
  await claim(t, jobId, "next");
  await expire(t, jobId);
  expect(await sent()).toBe(before + 1);
});

test("a worker that dies in a later part is found within its lease", async () => {
  holdClock();
  const { t, jobId } = await betweenParts();
  pass(10 * 60_000);
  expect(await claim(t, jobId, "next")).toMatchObject({
    checkpoint: "7",
    arguments: '{"label":"a"}',
  });
  const watching = (await rows(t, "toolgateJobs")).map(({ leaseUntil }) => leaseUntil - Date.now());
  expect(watching[0]).toBeLessThanOrEqual(45_001);
  pass(46_000);
  await expire(t, jobId);
  const job = await jobOf(t, jobId);
  expect(job).toMatchObject({ state: "unknown" });
  expect((await auditOf(t, job)).map(({ outcome }) => outcome)).toEqual(["started", "unknown"]);
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
