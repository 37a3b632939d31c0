/** What workers, watchdogs and clients do with a job, each by itself, and clocks that a test moves. */
import { afterEach, expect, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { issueKey, rows, type Backend } from "../support/gate";
import { jobOf, newApp, noWorker } from "../support/longApp";
import { start } from "../support/streamClient";

afterEach(() => {
  vi.useRealTimers();
});

export const never = () => new Promise<never>(() => undefined);

/** The audit rows of a job's call: its own and, once the job has ended, that of its end. */
export const auditOf = async (t: Backend, { operation }: Doc<"toolgateJobs">) =>
  (await rows(t, "toolgateAudit")).filter((row) => row.operation === operation);

/** The row of a job's end, after that of its call. */
export const endOf = async (t: Backend, job: Doc<"toolgateJobs">) => {
  const [start, end, ...more] = await auditOf(t, job);
  if (end === undefined || more.length > 0) throw new Error("a job has two rows once it has ended");
  const { tool, tenant, subject, role, keyId, operation } = start!;
  expect(start!.outcome).toBe("started");
  expect(end).toMatchObject({ tool, tenant, subject, role, keyId, operation, method: "job/end" });
  return end;
};

export const claim = (t: Backend, jobId: string, worker = "w") =>
  t.mutation(internal.toolgate.jobs.claim, { jobId, worker });
export const renew = (t: Backend, jobId: string) =>
  t.mutation(internal.toolgate.jobs.renew, { jobId });
export const expire = (t: Backend, jobId: string) =>
  t.mutation(internal.toolgate.jobs.expire, { jobId });
export const report = (t: Backend, jobId: string, done: number) =>
  t.mutation(internal.toolgate.jobs.report, { jobId, progress: { done } });

export const finish = (t: Backend, jobId: string, code?: string) =>
  t.mutation(internal.toolgate.jobs.finish, {
    jobId,
    worker: "w",
    outcome:
      code === undefined
        ? { state: "succeeded", result: '{"made":1}' }
        : { state: "failed", code, message: "No." },
  });

/** The end of a part that is not the last, of the job that worker `w` has. */
export const handOn = (t: Backend, jobId: string, checkpoint = "7", worker = "w") =>
  t.mutation(internal.toolgate.jobs.finish, {
    ...{ jobId, worker },
    outcome: { state: "goes_on", checkpoint, arguments: JSON.stringify({ label: "a" }) },
  });

/** A job whose worker never starts, and whoever asked for it. */
export const queued = async () => {
  const t = await newApp(never, { worker: noWorker });
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const jobId = await start(t, key);
  const job = await jobOf(t, jobId);
  const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
  const cancel = () => t.mutation(internal.toolgate.jobs.cancel, { jobId, principal });
  return { t, key, jobId, job, principal, cancel };
};

/**
 * The clock stands still until it is moved; timers are real. Each commit has a moment of its own, so once there was one, the time within
 * a transaction is a millisecond ahead of a clock that stands still.
 */
export const holdClock = () => vi.useFakeTimers({ toFake: ["Date"] });
export const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
