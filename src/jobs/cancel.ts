/** Cancelling: a flag that the job looks at when it next reports. */
import { v } from "convex/values";
import type { Doc, GateTx } from "../dataModel";
import { principalValidator, type Principal } from "../principal";
import { jobStateValidator } from "../validators";
import { endJob, findOwnJob, isOver, type JobState } from "./job";
import { noSuchJob } from "./read";

/** A job that has not begun ends here; one that has ended stays as it is. */
const requestCancel = async (tx: GateTx, job: Doc<"mcpJobs">): Promise<void> => {
  if (job.state === "queued") await endJob(tx, job, { state: "cancelled" });
  else if (!isOver(job)) await tx.db.patch("mcpJobs", job._id, { cancelRequested: true });
};

/**
 * Cancels a job of the caller; also for a mutation that is bound as a tool.
 *
 * @throws ConvexError `not_found`, the same for a job of another caller.
 */
export const cancelOwnJob = async (
  tx: GateTx,
  jobId: string,
  principal: Principal,
): Promise<JobState> => {
  const job = (await findOwnJob(tx.db, jobId, principal)) ?? noSuchJob();
  await requestCancel(tx, job);
  return (await tx.db.get("mcpJobs", job._id))?.state ?? job.state;
};

/** The definition of the mutation by which the gate cancels a job: `internalMutation(cancelJob)`. */
export const cancelJob = {
  args: { jobId: v.string(), principal: principalValidator },
  returns: jobStateValidator,
  handler: (
    tx: GateTx,
    { jobId, principal }: { jobId: string; principal: Principal },
  ): Promise<JobState> => cancelOwnJob(tx, jobId, principal),
};

/**
 * The definition of the mutation behind `notifications/cancelled`, which names a JSON-RPC id: `internalMutation(cancelJobOfRequest)`.
 *
 * Without sessions, two clients that share a key may use one id at a time. Then nothing is cancelled: stopping a stranger's work
 * is worse than letting one's own go on.
 */
export const cancelJobOfRequest = {
  args: { keyId: v.string(), requestId: v.string() },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { keyId, requestId }: { keyId: string; requestId: string },
  ): Promise<null> => {
    const newest = await tx.db
      .query("mcpJobs")
      .withIndex("by_keyId_requestId", (q) => q.eq("keyId", keyId).eq("requestId", requestId))
      .order("desc")
      .take(20);
    const running = newest.filter((job) => !isOver(job));
    if (running.length === 1 && running[0]) await requestCancel(tx, running[0]);
    return null;
  },
};
