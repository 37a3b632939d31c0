/** What a long tool holds of its own job. */
import type { FunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import type { ActionCtx } from "../compose";
import { cut } from "../cut";
import { gateReader, type GateDataModel, type GateQueryCtx, type GateTx } from "../dataModel";
import { refusal } from "../refuse";
import { progressValidator } from "../validators";
import { findJob, isOver, isRevoked, LEASE_MS, type Progress } from "./job";

/**
 * A bound action that declares an argument `job` with this validator can report progress and learn that it was cancelled. It
 * is never part of a tool's schema.
 */
export const jobValidator = v.object({ jobId: v.string() });

export type JobArgument = Infer<typeof jobValidator>;

export interface Job {
  /**
   * Says how far the job has come, in units of its own: `done` of `total`, growing. Every call is a mutation, so report steps of a
   * second or more, not rows.
   *
   * @throws ConvexError `cancelled` once the job is cancelled: let it pass, and the job ends as cancelled.
   */
  readonly progress: (done: number, total?: number, message?: string) => Promise<void>;
  /** Whether the job was cancelled. To end as cancelled, throw `cancellation()`; to return says that all was done. */
  readonly cancelled: () => Promise<boolean>;
}

/** What a tool throws to end as cancelled. */
export const cancellation = () => refusal("cancelled", "The job was cancelled.");

/** What the handle needs of the app: pass `internal.jobs`. */
export interface JobReports {
  /** `internalMutation(reportJob)` */
  readonly report: FunctionReference<
    "mutation",
    "internal",
    { jobId: string; progress: Progress },
    boolean
  >;
  /** `internalQuery(isJobCancelled)` */
  readonly isCancelled: FunctionReference<"query", "internal", { jobId: string }, boolean>;
}

/** The handle for the `job` argument of an action. */
export const jobHandle = (
  ctx: Pick<ActionCtx, "runMutation" | "runQuery">,
  { report, isCancelled }: JobReports,
  { jobId }: JobArgument,
): Job => ({
  progress: async (done, total, message) => {
    const progress = {
      done,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message: cut(message, 200) }),
    };
    if (await ctx.runMutation(report, { jobId, progress })) throw cancellation();
  },
  cancelled: () => ctx.runQuery(isCancelled, { jobId }),
});

/** The definition of the mutation behind `progress`; also a sign of life. Answers whether the job is to stop. */
export const reportJob = {
  args: { jobId: v.string(), progress: progressValidator },
  returns: v.boolean(),
  handler: async (
    tx: GateTx,
    { jobId, progress }: { jobId: string; progress: Progress },
  ): Promise<boolean> => {
    const job = await findJob(tx.db, jobId);
    if (job === null || isOver(job)) return true;
    const now = Date.now();
    await tx.db.patch("mcpJobs", job._id, {
      ...{ progress, updatedAt: now, leaseUntil: now + LEASE_MS },
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
