/** What an action tells and asks of its own job: the functions behind the handle. */
import { v } from "convex/values";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateTx,
} from "../data/database";
import { isOver } from "../data/jobState";
import { logValidator, progressValidator, type JobEvent } from "../data/values";
import { begun, findJob, LEASE_MS, mustStop } from "./job";

export type Report = Omit<JobEvent, "seq">;

/** How many reports are kept for requests that have not read them yet. They read at least every 5 s. */
const MAX_EVENTS = 50;

/** The progress of a job grows. A tool that runs again, or a later part of it, may begin to count anew. */
const furthest = ({ progress: last }: Doc<"toolgateJobs">, { progress }: Report) =>
  progress === undefined || progress.done < (last?.done ?? 0) ? {} : { progress };

/** The definition of the mutation behind `progress` and `log`. It also renews the worker's lease. Returns whether the job must stop. */
export const reportJob = {
  get args() {
    return {
      jobId: v.string(),
      progress: v.optional(progressValidator()),
      log: v.optional(logValidator()),
    };
  },
  get returns() {
    return v.boolean();
  },
  handler: async (
    tx: GateTx,
    { jobId, ...report }: { jobId: string } & Report,
  ): Promise<boolean> => {
    const job = await findJob(tx.db, jobId);
    if (job === null || isOver(job)) return true;
    const now = Date.now();
    const event = { seq: (job.events.at(-1)?.seq ?? 0) + 1, ...report };
    await tx.db.patch("toolgateJobs", job._id, {
      ...furthest(job, report),
      events: [...job.events, event].slice(-MAX_EVENTS),
      updatedAt: now,
      // A report that comes after the end of its part is no sign of life of the next one.
      ...(job.state === "working" && { ...begun(job), leaseUntil: now + LEASE_MS }),
    });
    return job.cancelRequested || (await mustStop(tx.db, job));
  },
};

/** The definition of the query behind `cancelled`. Also true for a job that has ended, whose key was revoked, or that the operator has stopped. */
export const isJobCancelled = {
  get args() {
    return { jobId: v.string() };
  },
  get returns() {
    return v.boolean();
  },
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { jobId }: { jobId: string },
  ): Promise<boolean> => {
    const db = gateReader(ctx);
    const job = await findJob(db, jobId);
    return job === null || isOver(job) || job.cancelRequested || mustStop(db, job);
  },
};
