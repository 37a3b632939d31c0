/** The worker's side of a job's row: take it, hold it, end it. */
import { v } from "convex/values";
import type { GateTx } from "../dataModel";
import { endedValidator, type Ended } from "../outcome";
import { principalValidator, type Principal } from "../principal";
import { endJob, findJob, isOver, LEASE_MS } from "./job";

const claimedValidator = v.object({
  tool: v.string(),
  arguments: v.string(),
  principal: principalValidator,
});

/** What a worker is to do. */
export type Claimed = { tool: string; arguments: string; principal: Principal };

/** The definition of the mutation by which a worker takes a job: null if there is nothing left to do. */
export const claimJob = {
  args: { jobId: v.string() },
  returns: v.union(claimedValidator, v.null()),
  handler: async (tx: GateTx, { jobId }: { jobId: string }): Promise<Claimed | null> => {
    const job = await findJob(tx.db, jobId);
    if (job?.state !== "queued") return null;
    const now = Date.now();
    await tx.db.patch("mcpJobs", job._id, {
      ...{ state: "working", updatedAt: now, leaseUntil: now + LEASE_MS },
    });
    const { tool, arguments: args, subject, tenant, role, keyId } = job;
    return { tool, arguments: args, principal: { subject, tenant, role, keyId } };
  },
};

/** The definition of the mutation by which a worker says that it lives. */
export const renewJob = {
  args: { jobId: v.string() },
  returns: v.null(),
  handler: async (tx: GateTx, { jobId }: { jobId: string }): Promise<null> => {
    const job = await findJob(tx.db, jobId);
    if (job?.state === "working") {
      await tx.db.patch("mcpJobs", job._id, { leaseUntil: Date.now() + LEASE_MS });
    }
    return null;
  },
};

/** The definition of the mutation by which a worker says how it ended. A job that has ended stays as it is. */
export const finishJob = {
  args: { jobId: v.string(), outcome: endedValidator },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { jobId, outcome }: { jobId: string; outcome: Ended },
  ): Promise<null> => {
    const job = await findJob(tx.db, jobId);
    if (job === null || isOver(job)) return null;
    if (outcome.state === "failed") {
      const { code, message } = outcome;
      const isCancelled = job.cancelRequested && code === "cancelled";
      await endJob(tx, job, {
        state: isCancelled ? "cancelled" : "failed",
        failure: { code, message },
      });
    } else {
      const { result } = outcome;
      await endJob(tx, job, { state: "succeeded", ...(result === null ? {} : { result }) });
    }
    return null;
  },
};
