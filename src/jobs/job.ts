/**
 * A job: one call of a tool that is an action. The admission writes its row, so every job that a client is told of exists. A job ends
 * once: its final state never changes.
 */
import { standingOf } from "../auth/grant";
import { stopped } from "../auth/stop";
import { defined } from "../base/defined";
import { recordEnd } from "../data/audit";
import type { Doc, GateReader, GateTx } from "../data/database";
import { isOver, JOB_KEPT_MS, outcomeOf } from "../data/jobState";
import type { Ended, Outcome } from "../data/outcome";
import type { Identity } from "../data/principal";
import type { FinalState, JobState } from "../data/values";

/** The limit on a job's arguments and answers together, in bytes. They wait in its row, and Convex limits a row to 1 MiB. */
export const MAX_IN_ROW = 900 * 1024;

/** How long a worker may be silent before it counts as dead, in milliseconds. */
export const LEASE_MS = 45_000;

/** How long a job may wait for Convex to start its worker, in milliseconds. */
export const QUEUE_MS = 60_000;

/** How long a job waits for an answer, in milliseconds. */
export const ANSWER_MS = 30 * 60_000;

/** Finds a job by its id; null if there is none. Whose job it is is not checked. */
export const findJob = (db: GateReader, jobId: string): Promise<Doc<"toolgateJobs"> | null> =>
  db
    .query("toolgateJobs")
    .withIndex("by_jobId", (q) => q.eq("jobId", jobId))
    .unique();

/** Finds a job of the caller. Returns null both for another caller's job and for an unknown id, so that ids cannot be probed. */
export const findOwnJob = async (
  db: GateReader,
  jobId: string,
  { tenant, subject }: Identity,
): Promise<Doc<"toolgateJobs"> | null> => {
  const job = await findJob(db, jobId);
  return job?.tenant === tenant && job.subject === subject ? job : null;
};

/** Whether the key or the connection that started the job was revoked. One that was rotated or has expired does not stop its jobs. */
export const isRevoked = async (
  db: GateReader,
  job: Pick<Doc<"toolgateJobs">, "keyId" | "grantId">,
): Promise<boolean> => {
  const { key, grant } = await standingOf(db, job);
  return key?.revokedAt !== undefined || grant?.revokedAt !== undefined;
};

/** Whether a running job must end at its next report: its key was revoked, or the operator has stopped what writes. */
export const mustStop = async (
  db: GateReader,
  job: Pick<Doc<"toolgateJobs">, "keyId" | "grantId">,
): Promise<boolean> => stopped() !== undefined || isRevoked(db, job);

/** The outcome of a job that has ended, for another call than the one that started it; undefined while the job runs. */
export const endedOf = (job: Doc<"toolgateJobs">): Ended | undefined => {
  const outcome = outcomeOf(job);
  return outcome && { ...outcome, original: job.operation };
};

/** Whether a call has waited too long for its approval. Its watchdog ends it, which comes late if the deployment is busy. */
export const waitedTooLong = ({ state, leaseUntil }: Doc<"toolgateJobs">): boolean =>
  state === "awaiting_approval" && leaseUntil <= Date.now();

/** Ends after which the same call is a new one. A denial is none: it stands. */
const NOT_DONE: readonly JobState[] = ["failed", "cancelled", "expired"];

/**
 * Handles a call that repeats the idempotency key of `job`, or returns to it. The call joins a job that runs.
 *
 * @returns the job's outcome, or that it runs or waits; undefined if the job failed, was cancelled or has expired, so that the call may run
 * again.
 */
export const resume = async (
  tx: GateTx,
  job: Doc<"toolgateJobs">,
): Promise<Outcome | undefined> => {
  if (!isOver(job)) {
    const { jobId, operation: original, approval } = job;
    const watcher = job.watchers + 1;
    await tx.db.patch("toolgateJobs", job._id, { watchers: watcher });
    const joined = { state: "started", jobId, isNew: false, watcher, original } as const;
    if (job.state !== "awaiting_approval" || approval === undefined) return joined;
    return { ...joined, awaits: { reason: approval.reason, until: approval.until } };
  }
  if (NOT_DONE.includes(job.state)) return undefined;
  const outcome = endedOf(job);
  return outcome?.state === "succeeded" ? { ...outcome, state: "replayed" } : outcome;
};

/** The end of a job: its final state, with the result as JSON text or the failure. */
export interface JobEnd {
  readonly state: FinalState;
  readonly result?: string | undefined;
  readonly failure?: { code: string; message: string } | undefined;
}

/** A patch that removes the arguments and answers from a row, once no later run can need them. */
const NO_ARGUMENTS = {
  arguments: undefined,
  fixed: undefined,
  checkpoint: undefined,
  input: undefined,
} as unknown as Partial<Doc<"toolgateJobs">>;

/** A patch for a job whose worker is heard of after its start: it has its arguments. A tool that may ask runs again with them. */
export const begun = ({ input }: Pick<Doc<"toolgateJobs">, "input">) =>
  input === undefined ? NO_ARGUMENTS : {};

/**
 * The progress of a job that has succeeded is all of its total: a return value means that the work is complete. What the tool said
 * last may be of an earlier step, so its message is left out.
 */
const lastProgress = ({ progress }: Doc<"toolgateJobs">, { state }: JobEnd) => {
  const { done = 0, total = 0 } = progress ?? {};
  return state === "succeeded" && done < total ? { progress: { done: total, total } } : {};
};

/** The patch for the approval of a job that ends: from now on it is settled, unless it was before. */
const settled = ({ approval }: Doc<"toolgateJobs">, now: number) =>
  approval === undefined ? {} : { approval: { settledAt: now, ...approval } };

/** How the audit log tells the end of a job. */
const auditedEnd = ({ state, failure }: JobEnd) => {
  if (state === "denied") return { outcome: state, reason: "approval_denied" };
  return { outcome: state === "expired" ? "failed" : state, reason: failure?.code } as const;
};

/** What else there is to say of the end of a job that somebody has approved. */
interface Approved {
  /** True for a query: it runs when its answer is read. */
  readonly keepsArguments?: boolean;
  /** How long a mutation took, in milliseconds. */
  readonly ms?: number;
}

/**
 * Ends a job and writes the audit row of its end, in one transaction. Whether the job has already ended is not checked.
 *
 * @param job - its row, with what has been decided on it now.
 */
export const endJob = async (
  tx: GateTx,
  job: Doc<"toolgateJobs">,
  end: JobEnd,
  { keepsArguments = false, ms }: Approved = {},
): Promise<void> => {
  const now = Date.now();
  await tx.db.patch("toolgateJobs", job._id, {
    ...end,
    ...lastProgress(job, end),
    ...(keepsArguments ? {} : NO_ARGUMENTS),
    ...settled(job, now),
    updatedAt: now,
    expiresAt: now + JOB_KEPT_MS,
  });
  await recordEnd(tx, job, { at: now, ...auditedEnd(end), ...defined({ ms }) });
};
