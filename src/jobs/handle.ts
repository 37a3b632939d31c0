/** What a long tool holds of its own job. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { defined } from "../base/defined";
import { refusal } from "../base/refuse";
import { cut } from "../base/text";
import type { JobArgument } from "../data/arguments";
import {
  gateReader,
  type ActionCtx,
  type GateDataModel,
  type GateQueryCtx,
  type GateTx,
} from "../data/database";
import type { LogLevel } from "../data/logLevel";
import { logValidator, progressValidator, type JobEvent } from "../data/values";
import { isOver } from "../data/jobState";
import { findJob, isRevoked, LEASE_MS } from "./job";

export interface Job {
  /**
   * Says how far the job has come, in units of its own: `done` of `total`, growing. Every call is a mutation, so report steps of a
   * second or more, not rows.
   *
   * @throws ConvexError `cancelled` once the job is cancelled: let it pass, and the job ends as cancelled.
   */
  readonly progress: (done: number, total?: number, message?: string) => Promise<void>;
  /** Says something to whoever watches the job. It is not kept. A mutation too; throws like `progress`. */
  readonly log: (level: LogLevel, data: string) => Promise<void>;
  /** Whether the job was cancelled. To end as cancelled, throw `cancellation()`; to return says that all was done. */
  readonly cancelled: () => Promise<boolean>;
}

/** What a tool throws to end as cancelled. */
export const cancellation = () => refusal("cancelled", "The job was cancelled.");

type Report = Omit<JobEvent, "seq">;

type OfJob = { jobId: string };

/** The handle for the `job` argument of an action. */
export const jobHandle = (
  ctx: Pick<ActionCtx, "runMutation" | "runQuery">,
  { jobId, dir }: JobArgument,
): Job => {
  const report = makeFunctionReference<"mutation", OfJob & Report, boolean>(`${dir}/jobs:report`);
  const isCancelled = makeFunctionReference<"query", OfJob, boolean>(`${dir}/jobs:isCancelled`);
  const tell = async (event: Report) => {
    if (await ctx.runMutation(report, { jobId, ...event })) throw cancellation();
  };
  return {
    progress: (done, total, message) =>
      tell({ progress: defined({ done, total, message: message && cut(message, 200) }) }),
    log: (level, data) => tell({ log: { level, data: cut(data, 1000) } }),
    cancelled: () => ctx.runQuery(isCancelled, { jobId }),
  };
};

/** How many reports are kept for requests that have not looked yet: they look every 3 s at least. */
const MAX_EVENTS = 50;

/** The definition of the mutation behind `progress`; also a sign of life. Answers whether the job is to stop. */
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
      ...(report.progress && { progress: report.progress }),
      events: [...job.events, event].slice(-MAX_EVENTS),
      updatedAt: now,
      leaseUntil: now + LEASE_MS,
    });
    return job.cancelRequested || (await isRevoked(tx.db, job));
  },
};

/** The definition of the query behind `cancelled`. */
export const isJobCancelled = {
  args: { jobId: v.string() },
  returns: v.boolean(),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { jobId }: { jobId: string },
  ): Promise<boolean> => {
    const db = gateReader(ctx);
    const job = await findJob(db, jobId);
    return job === null || isOver(job) || job.cancelRequested || isRevoked(db, job);
  },
};
