/** The worker's side of a job's row: take it, hold it, end it. */
import { v } from "convex/values";
import type { Doc, GateTx } from "../dataModel";
import { endedValidator, type Ended } from "../outcome";
import { principalValidator, type Principal } from "../principal";
import {
  endJob,
  findJob,
  isOver,
  isRevoked,
  LEASE_MS,
  NO_ARGUMENTS,
  NOT_STARTED,
  type JobEnd,
} from "./job";

const claimedValidator = v.object({
  tool: v.string(),
  arguments: v.string(),
  principal: principalValidator,
});

/** What a worker is to do. */
export type Claimed = { tool: string; arguments: string; principal: Principal };

/** Why a job that has waited must not begin any more. */
const unfit = async (tx: GateTx, job: Doc<"mcpJobs">): Promise<JobEnd | undefined> => {
  if (job.leaseUntil <= Date.now()) return { state: "failed", failure: NOT_STARTED };
  return (await isRevoked(tx.db, job)) ? { state: "cancelled" } : undefined;
};

/** The definition of the mutation by which a worker takes a job: null if there is nothing left to do. */
export const claimJob = {
  args: { jobId: v.string() },
  returns: v.union(claimedValidator, v.null()),
  handler: async (tx: GateTx, { jobId }: { jobId: string }): Promise<Claimed | null> => {
    const job = await findJob(tx.db, jobId);
    if (job?.state !== "queued") return null;
    const end = await unfit(tx, job);
    if (end !== undefined) {
      await endJob(tx, job, end);
      return null;
    }
    const now = Date.now();
    await tx.db.patch("mcpJobs", job._id, {
      ...{ ...NO_ARGUMENTS, state: "working", updatedAt: now, leaseUntil: now + LEASE_MS },
    });
    const { tool, arguments: args = "{}", subject, tenant, role, keyId } = job;
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

/**
 * What an outcome means for a job. Only what the tool says itself counts as a failure: an error that it did not mean, or the
 * death of its action, may have come in the middle of its work.
 */
const endOf = async (tx: GateTx, job: Doc<"mcpJobs">, outcome: Ended): Promise<JobEnd> => {
  if (outcome.state !== "failed") {
    return { state: "succeeded", ...(outcome.result === null ? {} : { result: outcome.result }) };
  }
  const { code, message } = outcome;
  const wasTold = job.cancelRequested || (await isRevoked(tx.db, job));
  if (wasTold && code === "cancelled") return { state: "cancelled" };
  return { state: code === "internal" ? "unknown" : "failed", failure: { code, message } };
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
    await endJob(tx, job, await endOf(tx, job, outcome));
    return null;
  },
};
