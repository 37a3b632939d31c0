/** Starts jobs, and ends jobs whose worker has died. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { defined } from "../base/defined";
import type { InputArgument } from "../data/arguments";
import type { Doc, GateTx, IdempotencyRecord } from "../data/database";
import { isOver, JOB_KEPT_MS } from "../data/jobState";
import { endOfLate, expiry, hasDonePart } from "./ends";
import { endJob, findJob, QUEUE_MS } from "./job";

type OfJob = { jobId: string };

/** Returns the action that runs a job. `dir` is the folder of the glue. */
export const workerRef = (dir: string) =>
  makeFunctionReference<"action", OfJob, null>(`${dir}/worker:run`);

/** Returns the mutation that watches over a job's lease. `dir` is the folder of the glue. */
export const watchdogRef = (dir: string) =>
  makeFunctionReference<"mutation", OfJob, null>(`${dir}/jobs:expire`);

/** The call that a job is made of. */
export type NewJob = Pick<
  Doc<"toolgateJobs">,
  "jobId" | "tool" | "arguments" | "keyId" | "grantId" | "subject" | "tenant" | "role" | "operation"
> & {
  readonly session: string | undefined;
  readonly requestId: string | undefined;
  readonly traceparent: string | undefined;
  readonly idempotency: IdempotencyRecord | undefined;
  readonly input: InputArgument | undefined;
  readonly fixed: string[] | undefined;
};

const NO_ANSWER = { code: "no_answer", message: "The job asked for input, and nobody answered." };

/** Writes the job's row and schedules its worker and watchdog, all in the transaction of the admission. */
export const startJob = async (tx: GateTx, dir: string, job: NewJob): Promise<void> => {
  const now = Date.now();
  await tx.db.insert("toolgateJobs", {
    ...defined(job),
    state: "queued",
    cancelRequested: false,
    watchers: 1,
    events: [],
    leaseUntil: now + QUEUE_MS,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + JOB_KEPT_MS,
  });
  await tx.scheduler.runAfter(0, workerRef(dir), { jobId: job.jobId });
  await tx.scheduler.runAfter(QUEUE_MS, watchdogRef(dir), { jobId: job.jobId });
};

/**
 * Lets the watchdog come again. The next part of a job waits long, so it comes sooner than that, for a worker may take the job at any
 * time; and it sends a worker each time, since Convex runs a scheduled action at most once, and nobody would call again for what is half
 * done. Of several workers one gets the job.
 */
const lookAgain = async (
  tx: GateTx,
  dir: string,
  job: Doc<"toolgateJobs">,
  left: number,
): Promise<void> => {
  const { jobId } = job;
  const waitsOn = job.state === "queued" && hasDonePart(job);
  await tx.scheduler.runAfter(waitsOn ? Math.min(left, QUEUE_MS) : left, watchdogRef(dir), {
    jobId,
  });
  if (waitsOn) await tx.scheduler.runAfter(0, workerRef(dir), { jobId });
};

/**
 * The definition of the watchdog, a mutation that runs when a worker's lease ends. Convex runs a scheduled mutation exactly once, but
 * late if the deployment is busy. So requests that wait for the job run it too.
 *
 * A call that nobody has approved in time ends as `expired`. A job that never began ends as `failed`. A job that began, and one that waits for its next part, may have done part of its work, so
 * it ends as `unknown`.
 */
export const expireJob = (dir: string) => ({
  get args() {
    return { jobId: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (tx: GateTx, { jobId }: { jobId: string }): Promise<null> => {
    const job = await findJob(tx.db, jobId);
    if (job === null || isOver(job)) return null;
    const left = job.leaseUntil - Date.now();
    if (left > 0) await lookAgain(tx, dir, job, left);
    else if (job.state === "awaiting_approval") await endJob(tx, job, expiry(job));
    else if (job.state === "working") await endJob(tx, job, { state: "unknown" });
    else if (job.state === "input_required")
      await endJob(tx, job, { state: "failed", failure: NO_ANSWER });
    else await endJob(tx, job, endOfLate(job));
    return null;
  },
});
