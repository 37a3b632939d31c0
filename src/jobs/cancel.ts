/** Cancels jobs: sets a flag that a running job reads when it next reports. */
import { v } from "convex/values";
import type { Doc, GateTx } from "../data/database";
import { readWithin } from "../data/meter";
import { identityValidator, type Identity } from "../data/principal";
import { isOver } from "../data/jobState";
import { WITHDRAWN } from "./ends";
import { endJob, findOwnJob } from "./job";

/** How long the id of a request without a session still means a call that waits: soon, another client uses it for another call. */
const ID_MEANS_MS = 60_000;

/** The most jobs of one key, id and state that are looked at. No key runs that many under one id. */
const MAX_RUNNING = 100;

/** The most bytes that are looked at: a job that waits for its worker has up to 900 KB. */
const BYTES = 8_000_000;

/** Asks a job to stop. A job that no worker runs ends at once. A job that has ended stays as it is. */
export const requestCancel = async (tx: GateTx, job: Doc<"toolgateJobs">): Promise<void> => {
  if (job.state === "awaiting_approval") await endJob(tx, job, WITHDRAWN);
  else if (job.state === "queued" || job.state === "input_required")
    await endJob(tx, job, { state: "cancelled" });
  else if (!isOver(job)) await tx.db.patch("toolgateJobs", job._id, { cancelRequested: true });
};

/**
 * The definition of the mutation that cancels a job of the caller. An unknown job is ignored.
 *
 * `watcher` is set if the client closed a request that waited for the job. The job then goes on if another request has joined since.
 */
export const cancelJob = {
  get args() {
    return { jobId: v.string(), principal: identityValidator(), watcher: v.optional(v.number()) };
  },
  get returns() {
    return v.null();
  },
  handler: async (
    tx: GateTx,
    { jobId, principal, watcher }: { jobId: string; principal: Identity; watcher?: number },
  ): Promise<null> => {
    const job = await findOwnJob(tx.db, jobId, principal);
    if (job !== null && (watcher ?? job.watchers) === job.watchers) await requestCancel(tx, job);
    return null;
  },
};

/**
 * The definition of the mutation behind `notifications/cancelled`, which names a JSON-RPC id.
 *
 * An id is unique only within the client's session. Clients without a session share their ids with all other clients of the key. If
 * two jobs run under one id, both go on: to stop another client's job is worse than to let the own job run. So do those under an id with more
 * than can be looked at.
 */
export const cancelJobOfRequest = {
  get args() {
    return { keyId: v.string(), session: v.optional(v.string()), requestId: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (
    tx: GateTx,
    { keyId, session, requestId }: { keyId: string; session?: string; requestId: string },
  ): Promise<null> => {
    const running: Doc<"toolgateJobs">[] = [];
    const meter = { left: BYTES };
    for (const state of ["awaiting_approval", "queued", "working", "input_required"] as const) {
      const under = tx.db
        .query("toolgateJobs")
        .withIndex("by_keyId_requestId_state", (q) =>
          q.eq("keyId", keyId).eq("requestId", requestId).eq("state", state),
        );
      const jobs = await readWithin(meter, under, MAX_RUNNING);
      const isMeant = ({ createdAt }: Doc<"toolgateJobs">) =>
        session !== undefined ||
        state !== "awaiting_approval" ||
        createdAt > Date.now() - ID_MEANS_MS;
      running.push(...jobs.filter((job) => job.session === session && isMeant(job)));
    }
    if (running.length === 1 && running[0] && meter.left > 0) await requestCancel(tx, running[0]);
    return null;
  },
};
