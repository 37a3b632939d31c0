/** The life of a job: what its row and its audit row say, whoever writes to them and in whatever order. */
import { convexTest } from "convex-test";
import { ConvexError, v } from "convex/values";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { internalMutation } from "../../convex/_generated/server";
import schema from "../../convex/schema";
import { JOB_KEPT_MS, LEASE_MS, QUEUE_MS } from "../../src/jobs/job";
import { issueKey, rows, type Backend } from "../support/gate";
import { jobOf, newApp, newGate, noWorker, theJob, type Script } from "../support/longApp";
import { call, open, reply, start, until } from "../support/streamClient";

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

const operationOf = async (t: Backend, job: Doc<"mcpJobs">) =>
  (await rows(t, "mcpAudit")).find(({ _id }) => _id === job.operation)!;

const claim = (t: Backend, jobId: string) => t.mutation(internal.jobs.claim, { jobId });
const renew = (t: Backend, jobId: string) => t.mutation(internal.jobs.renew, { jobId });
const expire = (t: Backend, jobId: string) => t.mutation(internal.jobs.expire, { jobId });
const report = (t: Backend, jobId: string, done: number) =>
  t.mutation(internal.jobs.report, { jobId, progress: { done } });

const finish = (t: Backend, jobId: string, code?: string) =>
  t.mutation(internal.jobs.finish, {
    jobId,
    outcome:
      code === undefined
        ? { state: "succeeded", result: '{"made":1}' }
        : { state: "failed", code, message: "No." },
  });

/** A job whose worker never starts, and whoever asked for it. */
const queued = async () => {
  const t = await newApp(never, { worker: noWorker });
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const jobId = await start(t, key);
  const job = await jobOf(t, jobId);
  const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
  const cancel = () => t.mutation(internal.jobs.cancel, { jobId, principal });
  return { t, key, jobId, job, principal, cancel };
};

/** The clock stands still until it is moved; timers are real. */
const holdClock = () => vi.useFakeTimers({ toFake: ["Date"] });
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

test("every call has a row, written with its audit row", async () => {
  const t = await newApp(never, { worker: noWorker });
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const ids = [];
  for (const label of ["a", "b", "c"]) ids.push(await start(t, key, "slow", { label }));
  expect(new Set(ids).size).toBe(3);
  const jobs = await rows(t, "mcpJobs");
  expect(jobs.map((job) => [job.jobId, job.arguments, job.tool])).toEqual(
    ids.map((id, i) => [id, JSON.stringify({ label: "abc"[i] }), "slow"]),
  );
  for (const job of jobs) {
    expect(job).toMatchObject({ keyId, subject: "agent", tenant: "acme", role: "admin" });
    expect(await operationOf(t, job)).toMatchObject({ tool: "slow", method: "tools/call", keyId });
  }
  expect(new Set(jobs.map(({ operation }) => operation)).size).toBe(3);
});

test("it is queued, then working, then it has ended, and its audit row with it", async () => {
  const gate = newGate();
  const t = await newApp(async () => {
    await gate.opened;
    return { made: 7 };
  });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await until(async () => (await jobOf(t, jobId)).state === "working");
  const working = await jobOf(t, jobId);
  expect(await operationOf(t, working)).toMatchObject({ outcome: "started" });
  expect(await operationOf(t, working)).not.toHaveProperty("settledAt");
  gate.open();
  await until(async () => (await jobOf(t, jobId)).state === "succeeded");
  const ended = await jobOf(t, jobId);
  expect(ended).toMatchObject({ result: '{"made":7}', expiresAt: ended.updatedAt + JOB_KEPT_MS });
  expect(await operationOf(t, ended)).toMatchObject({
    ...{ outcome: "succeeded", settledAt: ended.updatedAt },
  });
});

test.each<[string, Script, string, object]>([
  [
    "a ConvexError tells its code",
    async () => {
      throw new ConvexError({ code: "too_late", message: "Come earlier." });
    },
    "failed",
    { code: "too_late", message: "Come earlier." },
  ],
  [
    "any other error tells nothing",
    async () => {
      throw new Error("secret /home/app/convex/probe.ts");
    },
    // It may have come in the middle of the work.
    "unknown",
    { code: "internal", message: expect.stringMatching(/^Internal error\. Quote [-0-9a-f]{36}/) },
  ],
  [
    "a tool that says cancelled without having been is a failure",
    async () => {
      throw new ConvexError({ code: "cancelled", message: "I felt like it." });
    },
    "failed",
    { code: "cancelled", message: "I felt like it." },
  ],
])("failing: %s", async (_name, script, state, failure) => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const t = await newApp(script);
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow");
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result)).not.toContain("/home");
  const job = await theJob(t);
  expect(job).toMatchObject({ state, failure });
  expect(job).not.toHaveProperty("result");
  expect(await operationOf(t, job)).toMatchObject({
    ...{ outcome: state, reason: job.failure!.code, settledAt: job.updatedAt },
  });
});

test("of ten workers one gets the job", async () => {
  const { t, jobId } = await queued();
  const claims = await Promise.all(Array.from({ length: 10 }, () => claim(t, jobId)));
  expect(claims.filter((claimed) => claimed !== null)).toEqual([
    { tool: "slow", arguments: "{}", principal: expect.objectContaining({ tenant: "acme" }) },
  ]);
  expect(await claim(t, "no such job")).toBeNull();
});

test("a worker that starts twice does its work once", async () => {
  const played = vi.fn(async () => "done");
  const t = await newApp(played);
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await Promise.all([1, 2, 3].map(() => t.action(internal.worker.run, { jobId })));
  await until(async () => (await jobOf(t, jobId)).state === "succeeded");
  await t.action(internal.worker.run, { jobId });
  expect(played).toHaveBeenCalledTimes(1);
});

test("a job that never began has failed for certain, and its worker then does nothing", async () => {
  holdClock();
  const played = vi.fn(async () => "done");
  const t = await newApp(played, { worker: noWorker });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  pass(QUEUE_MS - 1);
  await expire(t, jobId);
  expect(await jobOf(t, jobId)).toMatchObject({ state: "queued" });
  pass(1);
  await expire(t, jobId);
  const job = await jobOf(t, jobId);
  expect(job).toMatchObject({ state: "failed", failure: { code: "not_started" } });
  expect(await operationOf(t, job)).toMatchObject({ outcome: "failed", reason: "not_started" });
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
  pass(QUEUE_MS);
  await expire(t, jobId);
  await t.action(internal.worker.run, { jobId });
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
  expect(await operationOf(t, lost)).toMatchObject({ outcome: "unknown", settledAt: Date.now() });
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

test("a result over 256 KiB is left out, and that is said", async () => {
  const t = await newApp(async () => "x".repeat(256 * 1024 - 1));
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow");
  expect(result.content[0]!.text).toMatch(
    /^Done and recorded, but the result is more than 256 KiB/,
  );
  expect(result.isError).toBe(true);
  const job = await theJob(t);
  expect(job.state).toBe("succeeded");
  expect(job).not.toHaveProperty("result");
  expect(await operationOf(t, job)).toMatchObject({ outcome: "succeeded" });
});

test("jobs_get says that a result was left out", async () => {
  const t = await newApp(async () => "x".repeat(256 * 1024));
  const { key } = await issueKey(t);
  await call(t, key, "slow");
  const { jobId } = await theJob(t);
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "succeeded" });
  expect(Object.keys(structuredContent!).sort()).not.toEqual(
    ["createdAt", "jobId", "state", "tool", "updatedAt"].sort(),
  );
});

test("a result of 256 KiB is kept", async () => {
  const text = "x".repeat(256 * 1024 - 2);
  const t = await newApp(async () => text);
  const { key } = await issueKey(t);
  expect((await call(t, key, "slow")).structuredContent).toEqual({ result: text });
});

const MAX_ARGUMENTS = 900 * 1024;
const around = JSON.stringify({ label: "" }).length;

test.each([
  ["by one byte", "x".repeat(MAX_ARGUMENTS - around + 1)],
  ["in bytes, not in characters", "é".repeat((MAX_ARGUMENTS - around) / 2 + 1)],
])("arguments that are too long %s are refused before there is a job", async (_name, label) => {
  const t = await newApp(never);
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow", { label });
  expect(result).toMatchObject({ isError: true });
  expect(result.content[0]!.text).toMatch(
    /^invalid_arguments: The arguments have more than 900 KB/,
  );
  expect(await rows(t, "mcpJobs")).toEqual([]);
  expect(await rows(t, "mcpStreams")).toEqual([]);
});

test("900 KB of arguments are not too long", async () => {
  const t = await newApp(async (_job, label) => label.length);
  const { key } = await issueKey(t);
  const label = "x".repeat(MAX_ARGUMENTS - around);
  expect((await call(t, key, "slow", { label })).structuredContent).toEqual({
    result: label.length,
  });
});

const MAX_DOCUMENT = 1024 * 1024;

// convex-test does not check the size of a document.
test("a job with the longest arguments and result fits a row of Convex", async () => {
  // A result of as many bytes as characters allow, if they were what is counted.
  const t = await newApp(async () => "é".repeat(127 * 1024));
  const { key } = await issueKey(t);
  const label = "x".repeat(MAX_ARGUMENTS - around);
  const sizeOf = (job: object) => new TextEncoder().encode(JSON.stringify(job)).length;
  await call(t, key, "slow", { label });
  const job = await theJob(t);
  expect(job.state).toBe("succeeded");
  expect(job.result).toBeDefined();
  expect(sizeOf(job)).toBeLessThan(MAX_DOCUMENT);
  const waiting = await newApp(never, { worker: noWorker });
  await start(waiting, (await issueKey(waiting)).key, "slow", { label });
  expect(sizeOf(await theJob(waiting))).toBeLessThan(MAX_DOCUMENT);
});

test("the sweep stays inside a transaction's limits, and goes on until all is swept", async () => {
  const t = convexTest({
    ...{ schema, modules: import.meta.glob("../../convex/**/*.*s"), transactionLimits: true },
  });
  const result = "x".repeat(256 * 1024);
  for (let round = 0; round < 4; round++) {
    await t.run(async (ctx) => {
      const operation = await ctx.db.insert("mcpAudit", {
        ...{ at: 0, method: "tools/call", protocol: "2026-07-28", outcome: "succeeded" as const },
      });
      for (let i = 0; i < 10; i++) {
        await ctx.db.insert("mcpJobs", {
          ...{ jobId: `${round}-${i}`, tool: "slow", keyId: "k", subject: "s", tenant: "acme" },
          ...{ role: "admin", operation, state: "succeeded" as const, result, watchers: 1 },
          ...{ cancelRequested: false, events: [], leaseUntil: 0, createdAt: 0 },
          ...{ updatedAt: 0, expiresAt: 1 },
        });
        await ctx.db.insert("mcpIdempotency", {
          ...{ scope: "s", key: `${round}-${i}`, fingerprint: "f", result, expiresAt: 1 },
        });
      }
    });
  }
  const swept = await t.mutation(internal.crons.sweep, {});
  expect(swept.jobs).toBeLessThan(40);
  await until(async () => (await rows(t, "mcpJobs")).length === 0);
  expect(await rows(t, "mcpIdempotency")).toEqual([]);
});

test("a job is kept for two days after its end, and swept then", async () => {
  holdClock();
  const { t, jobId } = await queued();
  await claim(t, jobId);
  pass(60 * 60 * 1000);
  await finish(t, jobId);
  const sweep = () => t.mutation(internal.crons.sweep, {});
  pass(JOB_KEPT_MS);
  expect(await sweep()).toMatchObject({ jobs: 0 });
  expect(await rows(t, "mcpJobs")).toHaveLength(1);
  pass(1);
  expect(await sweep()).toMatchObject({ jobs: 1 });
  expect(await rows(t, "mcpJobs")).toEqual([]);
});

test("a job that lost its watchdog too is unknown after two days, and kept for two more", async () => {
  holdClock();
  const { t, jobId } = await queued();
  await claim(t, jobId);
  pass(JOB_KEPT_MS + 1);
  await t.mutation(internal.crons.sweep, {});
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "unknown", expiresAt: Date.now() + JOB_KEPT_MS },
  });
});

test("its arguments are forgotten when a worker has taken it, or when it has ended without one", async () => {
  const { t, jobId, key, cancel } = await queued();
  expect((await jobOf(t, jobId)).arguments).toBe("{}");
  await claim(t, jobId);
  expect(await jobOf(t, jobId)).not.toHaveProperty("arguments");
  await cancel();
  const other = await start(t, key);
  await call(t, key, "jobs_cancel", { jobId: other });
  expect(await jobOf(t, other)).toMatchObject({ state: "cancelled" });
  expect(await jobOf(t, other)).not.toHaveProperty("arguments");
});

test("a worker that comes after the time to wait does not begin, whether the watchdog has been or not", async () => {
  holdClock();
  const { t, jobId } = await queued();
  pass(QUEUE_MS);
  expect(await claim(t, jobId)).toBeNull();
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "failed", failure: { code: "not_started" } },
  });
});

test("a key that was revoked begins nothing more, and what it began is stopped at its next step", async () => {
  const { t, jobId, key, principal } = await queued();
  const begun = await start(t, key);
  await claim(t, begun);
  expect(await report(t, begun, 1)).toBe(false);
  await t.mutation(internal.keys.revoke, { keyId: principal.keyId, reason: "test" });
  expect(await claim(t, jobId)).toBeNull();
  expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
  expect(await report(t, begun, 2)).toBe(true);
  expect(await t.query(internal.jobs.isCancelled, { jobId: begun })).toBe(true);
});

test("a job that stops because its key was revoked is cancelled", async () => {
  const { t, jobId, principal } = await queued();
  await claim(t, jobId);
  await t.mutation(internal.keys.revoke, { keyId: principal.keyId, reason: "test" });
  expect(await report(t, jobId, 1)).toBe(true);
  await finish(t, jobId, "cancelled");
  expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
});

test("the end of a job is written though the database refuses four times", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { finish: real } = await import("../../convex/jobs");
  let refused = 0;
  const flaky = internalMutation({
    args: { jobId: v.string(), outcome: v.any() },
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

test("progress is kept as told, its message cut", async () => {
  const t = await newApp(async (job) => {
    await job.progress(3, 10, "m".repeat(300));
    await never();
  });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await until(async () => (await jobOf(t, jobId)).progress !== undefined);
  expect((await jobOf(t, jobId)).progress).toEqual({
    ...{ done: 3, total: 10, message: "m".repeat(200) },
  });
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "working", progress: { done: 3, total: 10 } });
});

test("what a tool is refused before it starts is no job: denied, unknown tool, wrong arguments", async () => {
  const t = await newApp(async () => "done");
  const viewer = await issueKey(t, { role: "viewer" });
  const denied = await (await open(t, viewer.key, "scarce")).ended;
  expect(denied.messages[0]!.error!.code).toBe(-32602);
  expect(await rows(t, "mcpJobs")).toEqual([]);
  // Arguments are validated by the function itself, in the job.
  const result = await call(t, viewer.key, "slow", { label: 7 });
  expect(result.content[0]!.text).toMatch(/^invalid_arguments: label/);
  expect(await theJob(t)).toMatchObject({
    state: "failed",
    failure: { code: "invalid_arguments" },
  });
});

test("nobody sends a job of his own", async () => {
  const t = await newApp(async () => "done");
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow", { job: { jobId: "mine" } });
  expect(result.content[0]!.text).toBe("invalid_arguments: job: no such argument");
});

test("a notification starts nothing", async () => {
  const t = await newApp(async () => "done");
  const { key } = await issueKey(t);
  const response = await t.fetch("/mcp", {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ jsonrpc: "2.0", method: "tools/call", params: { name: "slow" } }),
  });
  expect(response.status).toBe(202);
  expect(await rows(t, "mcpJobs")).toEqual([]);
});

// What a job should be, as a model of a few fields.
interface Model {
  state: Doc<"mcpJobs">["state"];
  leaseUntil: number;
  cancelRequested: boolean;
}
type Real = Awaited<ReturnType<typeof queued>>;
const isOver = ({ state }: Model) => state !== "queued" && state !== "working";

type Step = readonly [name: string, act: (model: Model, real: Real) => Promise<void>];

const steps: Step[] = [
  [
    "claim",
    async (model, { t, jobId }) => {
      const claimed = await claim(t, jobId);
      const isLate = model.leaseUntil <= Date.now();
      expect(claimed !== null).toBe(model.state === "queued" && !isLate);
      if (model.state !== "queued") return;
      model.state = isLate ? "failed" : "working";
      if (!isLate) model.leaseUntil = Date.now() + LEASE_MS;
    },
  ],
  [
    "renew",
    async (model, { t, jobId }) => {
      await renew(t, jobId);
      if (model.state === "working") model.leaseUntil = Date.now() + LEASE_MS;
    },
  ],
  [
    "cancel",
    async (model, { cancel }) => {
      if (model.state === "queued") model.state = "cancelled";
      else if (!isOver(model)) model.cancelRequested = true;
      await cancel();
    },
  ],
  [
    "expire",
    async (model, { t, jobId }) => {
      await expire(t, jobId);
      if (isOver(model) || model.leaseUntil > Date.now()) return;
      model.state = model.state === "queued" ? "failed" : "unknown";
    },
  ],
  ...["oops", "internal", "cancelled", undefined].map((code): Step => [
    `finish ${code ?? "well"}`,
    async (model, { t, jobId }) => {
      // Only a worker that has claimed a job finishes it.
      if (model.state === "queued") return;
      await finish(t, jobId, code);
      if (isOver(model)) return;
      if (code === undefined) model.state = "succeeded";
      else if (code === "internal") model.state = "unknown";
      else model.state = code === "cancelled" && model.cancelRequested ? "cancelled" : "failed";
    },
  ]),
  [
    "report",
    async (model, { t, jobId }) => {
      if (model.state === "queued") return;
      expect(await report(t, jobId, 1)).toBe(isOver(model) || model.cancelRequested);
      if (!isOver(model)) model.leaseUntil = Date.now() + LEASE_MS;
    },
  ],
  ...[10_000, 50_000].map((ms): Step => [
    `pass ${ms}`,
    async () => {
      pass(ms);
    },
  ]),
];

test("whatever happens in whatever order, it follows the model, and an end is final", async () => {
  // Timers never fire: the worker and the watchdog act only as steps.
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const t = await newApp(never);
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 12 }),
      async (path) => {
        const jobId = await start(t, key);
        const cancel = () => t.mutation(internal.jobs.cancel, { jobId, principal });
        const real: Real = { t, key, jobId, job: await jobOf(t, jobId), principal, cancel };
        const model: Model = {
          ...{ state: "queued", leaseUntil: Date.now() + QUEUE_MS, cancelRequested: false },
        };
        let end: Doc<"mcpJobs"> | undefined;
        for (const [, act] of path) {
          await act(model, real);
          const job = await jobOf(t, jobId);
          expect(job).toMatchObject(model);
          const { outcome, settledAt } = await operationOf(t, job);
          expect(outcome).toBe(isOver(model) ? model.state : "started");
          expect(settledAt !== undefined).toBe(isOver(model));
          if (end !== undefined) expect(job).toEqual(end);
          if (isOver(model)) end = job;
        }
        const { result } = await reply(
          t,
          key,
          "tasks/get",
          { taskId: jobId },
          {
            ...{ era: "modern", tasks: true },
          },
        );
        expect(result!.status).toBe(
          model.state === "cancelled"
            ? "cancelled"
            : model.state === "unknown"
              ? "failed"
              : isOver(model)
                ? "completed"
                : "working",
        );
      },
    ),
    { numRuns: 60 },
  );
});
