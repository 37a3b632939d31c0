/**
 * A job: one call of an action tool. Its row is written with the admission, so a job that was promised exists, and it ends once:
 * a final state never changes.
 */
import { findKey } from "../auth/credential";
import { settle } from "../data/audit";
import type { Doc, GateReader, GateTx } from "../data/database";
import { isOver, JOB_KEPT_MS, outcomeOf } from "../data/jobState";
import type { Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import type { FinalState } from "../data/values";

/** A job's arguments and answers wait in its row, and a row of Convex has at most 1 MiB. */
export const MAX_IN_ROW = 900 * 1024;

/** How long a worker may be silent before it counts as dead. */
export const LEASE_MS = 45_000;

/** How long a job may wait for a free action slot. */
export const QUEUE_MS = 60_000;

/** How long a job waits for an answer. */
export const ANSWER_MS = 30 * 60_000;

export const findJob = (db: GateReader, jobId: string): Promise<Doc<"toolgateJobs"> | null> =>
  db
    .query("toolgateJobs")
    .withIndex("by_jobId", (q) => q.eq("jobId", jobId))
    .unique();

/** The caller's job; null for one of another caller, as for one that never was. */
export const findOwnJob = async (
  db: GateReader,
  jobId: string,
  { tenant, subject }: Principal,
): Promise<Doc<"toolgateJobs"> | null> => {
  const job = await findJob(db, jobId);
  return job?.tenant === tenant && job.subject === subject ? job : null;
};

/** What is said of a job that no worker has taken. */
export const NOT_STARTED = {
  code: "not_started",
  message: "The server was too busy to start the job. Nothing was done; try again.",
};

/** Whether the key that started the job was revoked. One that was rotated or has expired lets its jobs end. */
export const isRevoked = async (
  db: GateReader,
  { keyId }: Pick<Doc<"toolgateJobs">, "keyId">,
): Promise<boolean> => (await findKey(db, keyId))?.revokedAt !== undefined;

/**
 * What a call with the idempotency key of `job` gets: it joins a job that runs.
 *
 * @returns undefined if the job said that it failed: then it may run again.
 */
export const resume = async (
  tx: GateTx,
  job: Doc<"toolgateJobs">,
): Promise<Outcome | undefined> => {
  if (!isOver(job)) {
    const watcher = job.watchers + 1;
    await tx.db.patch("toolgateJobs", job._id, { watchers: watcher });
    return { state: "started", jobId: job.jobId, isNew: false, watcher };
  }
  if (job.state === "failed" || job.state === "cancelled") return undefined;
  const outcome = outcomeOf(job);
  return outcome?.state === "succeeded" ? { ...outcome, state: "replayed" } : outcome;
};

/** How a job can end. */
export interface JobEnd {
  readonly state: FinalState;
  readonly result?: string | undefined;
  readonly failure?: { code: string; message: string } | undefined;
}

/** Takes out of a row what nobody needs once the job has begun for good or ended. */
export const NO_ARGUMENTS = { arguments: undefined, input: undefined } as unknown as Partial<
  Doc<"toolgateJobs">
>;

/** Ends a job and its audit row, together. */
export const endJob = async (tx: GateTx, job: Doc<"toolgateJobs">, end: JobEnd): Promise<void> => {
  const now = Date.now();
  await tx.db.patch("toolgateJobs", job._id, {
    ...end,
    ...NO_ARGUMENTS,
    updatedAt: now,
    expiresAt: now + JOB_KEPT_MS,
  });
  await settle(tx, job.operation, {
    outcome: end.state,
    settledAt: now,
    reason: end.failure?.code,
  });
};
