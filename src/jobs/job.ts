/**
 * A job: one call of an action tool. Its row is written with the admission, so a job that was promised exists, and it ends once:
 * a final state never changes.
 */
import type { Infer } from "convex/values";
import type { Doc, GateReader, GateTx } from "../dataModel";
import { failed, type Ended, type Outcome } from "../outcome";
import type { Principal } from "../principal";
import type { jobEventValidator, jobStateValidator, progressValidator } from "../validators";

export type JobState = Infer<typeof jobStateValidator>;
export type Progress = Infer<typeof progressValidator>;
export type JobEvent = Infer<typeof jobEventValidator>;

/** How long a worker may be silent before it counts as dead. */
export const LEASE_MS = 45_000;

/** How long a job may wait for a free action slot. */
export const QUEUE_MS = 60_000;

/** How long a job that has ended can be read. */
export const JOB_KEPT_MS = 48 * 60 * 60 * 1000;

export const findJob = (db: GateReader, jobId: string): Promise<Doc<"mcpJobs"> | null> =>
  db
    .query("mcpJobs")
    .withIndex("by_jobId", (q) => q.eq("jobId", jobId))
    .unique();

/** The caller's job; null for one of another caller, as for one that never was. */
export const findOwnJob = async (
  db: GateReader,
  jobId: string,
  { tenant, subject }: Principal,
): Promise<Doc<"mcpJobs"> | null> => {
  const job = await findJob(db, jobId);
  return job?.tenant === tenant && job.subject === subject ? job : null;
};

export const isOver = ({ state }: { readonly state: JobState }): boolean =>
  state !== "queued" && state !== "working";

/** How a job ended, for the caller who asked for it; undefined while it runs. */
export const outcomeOf = ({ state, result, failure }: JobEnd): Ended | undefined => {
  switch (state) {
    case "succeeded":
      return { state: "succeeded", result: result ?? null };
    case "failed":
      return failed(failure?.code ?? "failed", failure?.message ?? "The job failed.");
    case "cancelled":
      return failed("cancelled", "The job was cancelled. What it did before that may remain.");
    case "unknown":
      return failed(
        "outcome_unknown",
        "The server lost the job half-way. Read the data to see what was done before you try again.",
      );
    default:
      return undefined;
  }
};

type JobEnd = Pick<Doc<"mcpJobs">, "state" | "result" | "failure">;

/** What a call with the idempotency key of `job` gets; undefined if the job said that it failed: then it may run again. */
export const resume = (job: Doc<"mcpJobs">): Outcome | undefined => {
  if (!isOver(job)) return { state: "started", jobId: job.jobId, isNew: false };
  if (job.state === "failed" || job.state === "cancelled") return undefined;
  const outcome = outcomeOf(job);
  return outcome?.state === "succeeded" ? { ...outcome, state: "replayed" } : outcome;
};

/** Ends a job and its audit row, together. */
export const endJob = async (
  tx: GateTx,
  job: Doc<"mcpJobs">,
  end: { state: JobState; result?: string; failure?: { code: string; message: string } },
): Promise<void> => {
  const now = Date.now();
  await tx.db.patch("mcpJobs", job._id, { ...end, updatedAt: now, expiresAt: now + JOB_KEPT_MS });
  await tx.db.patch("mcpAudit", job.operation, {
    outcome: end.state as Doc<"mcpAudit">["outcome"],
    settledAt: now,
    ...(end.failure === undefined ? {} : { reason: end.failure.code }),
  });
};
