/** Cancelling: a flag that the job looks at when it next reports. */
import { v } from "convex/values";
import type { Doc, GateTx } from "../data/database";
import { principalValidator, type Principal } from "../data/principal";
import { isOver } from "../data/jobState";
import { endJob, findOwnJob } from "./job";

/** More jobs than one key runs under one id at a time. */
const MAX_RUNNING = 100;

/** A job that no worker holds ends here; one that has ended stays as it is. */
export const requestCancel = async (tx: GateTx, job: Doc<"toolgateJobs">): Promise<void> => {
  if (job.state === "queued" || job.state === "input_required")
    await endJob(tx, job, { state: "cancelled" });
  else if (!isOver(job)) await tx.db.patch("toolgateJobs", job._id, { cancelRequested: true });
};

/**
 * The definition of the mutation by which the gate cancels a job of the caller.
 *
 * `watcher` is stated when a request was closed that waited for the job: if another has joined since, the job goes on.
 */
export const cancelJob = {
  args: { jobId: v.string(), principal: principalValidator(), watcher: v.optional(v.number()) },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { jobId, principal, watcher }: { jobId: string; principal: Principal; watcher?: number },
  ): Promise<null> => {
    const job = await findOwnJob(tx.db, jobId, principal);
    if (job !== null && (watcher ?? job.watchers) === job.watchers) await requestCancel(tx, job);
    return null;
  },
};

/**
 * The definition of the mutation behind `notifications/cancelled`, which names a JSON-RPC id.
 *
 * An id means something only within the client's session. Clients without one share theirs with all others of the key: then
 * two running jobs under one id are both left alone, since stopping a stranger's work is worse than letting one's own go on.
 */
export const cancelJobOfRequest = {
  args: { keyId: v.string(), session: v.optional(v.string()), requestId: v.string() },
  returns: v.null(),
  handler: async (
    tx: GateTx,
    { keyId, session, requestId }: { keyId: string; session?: string; requestId: string },
  ): Promise<null> => {
    const running: Doc<"toolgateJobs">[] = [];
    for (const state of ["queued", "working", "input_required"] as const) {
      const jobs = await tx.db
        .query("toolgateJobs")
        .withIndex("by_keyId_requestId_state", (q) =>
          q.eq("keyId", keyId).eq("requestId", requestId).eq("state", state),
        )
        .take(MAX_RUNNING);
      running.push(...jobs.filter((job) => job.session === session));
    }
    if (running.length === 1 && running[0]) await requestCancel(tx, running[0]);
    return null;
  },
};
