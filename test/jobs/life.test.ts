/** The life of a job: what its row and its audit row say from the call to the end. */
import { ConvexError } from "convex/values";
import { expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { JOB_KEPT_MS } from "../../src/data/jobState";
import { issueKey, rows } from "../support/gate";
import { jobOf, newApp, newGate, noWorker, theJob, type Script } from "../support/longApp";
import { call, open, start, until } from "../support/streamClient";
import { auditOf, claim, finish, endOf, holdClock, never, pass, queued, report } from "./setup";

test("every call has a row, written with its audit row", async () => {
  const t = await newApp(never, { worker: noWorker });
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const ids = [];
  for (const label of ["a", "b", "c"]) ids.push(await start(t, key, "slow", { label }));
  expect(new Set(ids).size).toBe(3);
  const jobs = await rows(t, "toolgateJobs");
  expect(jobs.map((job) => [job.jobId, job.arguments, job.tool])).toEqual(
    ids.map((id, i) => [id, JSON.stringify({ label: "abc"[i] }), "slow"]),
  );
  for (const job of jobs) {
    expect(job).toMatchObject({ keyId, subject: "agent", tenant: "acme", role: "admin" });
    const [row] = await auditOf(t, job);
    expect(row).toMatchObject({ tool: "slow", method: "tools/call", keyId });
  }
  expect(new Set(jobs.map(({ operation }) => operation)).size).toBe(3);
});

test("it is queued, then working, then it has ended, and has a second audit row", async () => {
  const gate = newGate();
  const t = await newApp(async () => {
    await gate.opened;
    return { made: 7 };
  });
  const { key } = await issueKey(t);
  const jobId = await start(t, key);
  await until(async () => (await jobOf(t, jobId)).state === "working");
  const working = await jobOf(t, jobId);
  const started = await auditOf(t, working);
  expect(started.map(({ outcome }) => outcome)).toEqual(["started"]);
  gate.open();
  await until(async () => (await jobOf(t, jobId)).state === "succeeded");
  const ended = await jobOf(t, jobId);
  expect(ended).toMatchObject({ result: '{"made":7}', expiresAt: ended.updatedAt + JOB_KEPT_MS });
  expect(await endOf(t, ended)).toMatchObject({ outcome: "succeeded", at: ended.updatedAt });
  // No row changes.
  expect((await auditOf(t, ended))[0]).toEqual(started[0]);
});

test("its end tells how long it took, from the call on", async () => {
  holdClock();
  const { t, jobId, job } = await queued();
  pass(4_000);
  await claim(t, jobId);
  pass(3_000);
  await finish(t, jobId);
  const { ms, at } = await endOf(t, job);
  expect(ms).toBe(at - job.createdAt);
  expect(Math.abs(ms! - 7_000)).toBeLessThan(50);
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
  expect(await endOf(t, job)).toMatchObject({
    ...{ outcome: state, reason: job.failure!.code, at: job.updatedAt },
  });
});

test("of ten workers one gets the job", async () => {
  const { t, jobId } = await queued();
  const workers = Array.from({ length: 10 }, (_none, index) => `w${index}`);
  const claims = await Promise.all(workers.map((worker) => claim(t, jobId, worker)));
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
  await Promise.all([1, 2, 3].map(() => t.action(internal.toolgate.worker.run, { jobId })));
  await until(async () => (await jobOf(t, jobId)).state === "succeeded");
  await t.action(internal.toolgate.worker.run, { jobId });
  expect(played).toHaveBeenCalledTimes(1);
});

test("a key that was revoked begins nothing more, and what it began is stopped at its next step", async () => {
  const { t, jobId, key, principal } = await queued();
  const begun = await start(t, key);
  await claim(t, begun);
  expect(await report(t, begun, 1)).toBe(false);
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId: principal.keyId, reason: "test" });
  expect(await claim(t, jobId)).toBeNull();
  expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
  expect(await report(t, begun, 2)).toBe(true);
  expect(await t.query(internal.toolgate.jobs.isCancelled, { jobId: begun })).toBe(true);
});

test("a job that stops because its key was revoked is cancelled", async () => {
  const { t, jobId, principal } = await queued();
  await claim(t, jobId);
  await t.mutation(internal.toolgate.admin.revokeKey, { keyId: principal.keyId, reason: "test" });
  expect(await report(t, jobId, 1)).toBe(true);
  await finish(t, jobId, "cancelled");
  expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
});

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
  expect(await rows(t, "toolgateJobs")).toEqual([]);
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
  expect(await rows(t, "toolgateJobs")).toEqual([]);
});

test.each([
  [
    { done: 0, total: 1, message: "0 of 1 customers" },
    { done: 1, total: 1 },
  ],
  [
    { done: 3, total: 3, message: "All of it" },
    { done: 3, total: 3, message: "All of it" },
  ],
  [
    { done: 5, total: 3 },
    { done: 5, total: 3 },
  ],
  [{ done: 28 }, { done: 28 }],
])("a job that reported %j and succeeded shows %j", async (said, shown) => {
  const { t, jobId } = await queued();
  await claim(t, jobId);
  await t.mutation(internal.toolgate.jobs.report, { jobId, progress: said });
  await finish(t, jobId);
  expect((await jobOf(t, jobId)).progress).toEqual(shown);
});

test("a job that failed shows how far it came", async () => {
  const { t, jobId } = await queued();
  await claim(t, jobId);
  await t.mutation(internal.toolgate.jobs.report, { jobId, progress: { done: 1, total: 3 } });
  await finish(t, jobId, "oops");
  expect((await jobOf(t, jobId)).progress).toEqual({ done: 1, total: 3 });
});
