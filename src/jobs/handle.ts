/** The handle with which an action reports to its own job. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { defined } from "../base/defined";
import { cut } from "../base/text";
import type { JobArgument } from "../data/arguments";
import { gateReader, type GateDataModel, type GateQueryCtx, type GateTx } from "../data/database";
import type { LogLevel } from "../data/logLevel";
import { logValidator, progressValidator, type JobEvent } from "../data/values";
import { isOver } from "../data/jobState";
import { runnerOf, type Runs } from "../runner/runner";
import { logInternalError } from "../wire/responses";
import { begun, findJob, LEASE_MS, mustStop } from "./job";
import { cancellation } from "./ends";

/** The handle for the `job` argument of an action. */
export interface Job {
  /**
   * Reports progress: `done` of `total`, in units of the tool's choice. `done` must grow. `message` is cut to 200 characters. Every
   * call is a mutation, so report steps of a second or more, not every row. A report that Convex does not take is left out.
   *
   * @throws ConvexError `cancelled` once the job is cancelled. Do not catch it: the job then ends as cancelled.
   */
  readonly progress: (done: number, total?: number, message?: string) => Promise<void>;
  /**
   * Sends a log message to the requests that watch the job, cut to 1,000 characters. Only the newest 50 reports are kept. Every
   * call is a mutation.
   *
   * @throws ConvexError `cancelled`, as `progress` does.
   */
  readonly log: (level: LogLevel, data: string) => Promise<void>;
  /** Whether the job was cancelled; false also if that cannot be read now. Throw `cancellation()` to end as cancelled. A return value means that the work is complete. */
  readonly cancelled: () => Promise<boolean>;
}

type Report = Omit<JobEvent, "seq">;

type OfJob = { jobId: string };

/** Logs a failure of a report or look. It says nothing of the work, so it does not stop the job. */
const notTold = (error: unknown): false => {
  logInternalError(error);
  return false;
};

/**
 * Makes the handle from the `job` argument that the server filled in.
 *
 * @param ctx - of the action.
 */
export const jobHandle = (ctx: Runs, { jobId, dir }: JobArgument): Job => {
  const { query, mutation } = runnerOf(ctx).patient();
  const report = makeFunctionReference<"mutation", OfJob & Report, boolean>(`${dir}/jobs:report`);
  const isCancelled = makeFunctionReference<"query", OfJob, boolean>(`${dir}/jobs:isCancelled`);
  const tell = async (event: Report) => {
    if (await mutation(report, { jobId, ...event }).catch(notTold)) throw cancellation();
  };
  return {
    progress: (done, total, message) =>
      tell({ progress: defined({ done, total, message: message && cut(message, 200) }) }),
    log: (level, data) => tell({ log: { level, data: cut(data, 1000) } }),
    cancelled: () => query(isCancelled, { jobId }).catch(notTold),
  };
};

/** How many reports are kept for requests that have not read them yet. They read at least every 3 s. */
const MAX_EVENTS = 50;

/** The definition of the mutation behind `progress` and `log`. It also renews the worker's lease. Returns whether the job must stop. */
export const reportJob = {
  args: {
    jobId: v.string(),
    progress: v.optional(progressValidator()),
    log: v.optional(logValidator()),
  },
  returns: v.boolean(),
  handler: async (
    tx: GateTx,
    { jobId, ...report }: { jobId: string } & Report,
  ): Promise<boolean> => {
    const job = await findJob(tx.db, jobId);
    if (job === null || isOver(job)) return true;
    const now = Date.now();
    const event = { seq: (job.events.at(-1)?.seq ?? 0) + 1, ...report };
    await tx.db.patch("toolgateJobs", job._id, {
      ...begun(job),
      ...(report.progress && { progress: report.progress }),
      events: [...job.events, event].slice(-MAX_EVENTS),
      updatedAt: now,
      leaseUntil: now + LEASE_MS,
    });
    return job.cancelRequested || (await mustStop(tx.db, job));
  },
};

/** The definition of the query behind `cancelled`. Also true for a job that has ended, whose key was revoked, or that the operator has stopped. */
export const isJobCancelled = {
  args: { jobId: v.string() },
  returns: v.boolean(),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { jobId }: { jobId: string },
  ): Promise<boolean> => {
    const db = gateReader(ctx);
    const job = await findJob(db, jobId);
    return job === null || isOver(job) || job.cancelRequested || mustStop(db, job);
  },
};
