/** What ends a job between two of its parts: a cancel, a key or an operator, a next part that never comes, a worker that dies. */
import { afterEach, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows } from "../support/gate";
import { jobOf, newApp, newGate } from "../support/longApp";
import { call, start, until } from "../support/streamClient";
import { auditOf, claim, endOf, expire, handOn, holdClock, pass, queued } from "./setup";
import { args, inParts, goOn, betweenParts, scheduled } from "./inParts";

afterEach(() => {
  delete process.env.TOOLGATE_STOP;
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
