/** The handle with which an action reports to its own job. */
import { makeFunctionReference } from "convex/server";
import { v, type Value } from "convex/values";
import { defined } from "../base/defined";
import { cut } from "../base/text";
import type { JobArgument } from "../data/arguments";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateTx,
} from "../data/database";
import type { LogLevel } from "../data/logLevel";
import { logValidator, progressValidator, type JobEvent } from "../data/values";
import { isOver } from "../data/jobState";
import { runnerOf, type Runs } from "../runner/runner";
import { logInternalError } from "../wire/responses";
import { checkpointIn, checkpointText, handedOn } from "./checkpoint";
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
  /** What the part before has handed on to `continueLater`; undefined in the first part. */
  readonly checkpoint: Value | undefined;
  /**
   * Ends this part, and lets the job go on in another action, where the function runs from its start with the same arguments and
   * `checkpoint`. Convex ends an action after 30 minutes, one of Node after 10: go on well before. A job that was cancelled, or whose
   * key was revoked, ends here. `checkpoint` is any Convex value of at most 64 KiB.
   *
   * @throws ConvexError always, which the worker understands. Do not catch it. Error if the checkpoint is too long or no Convex value.
   */
  readonly continueLater: (checkpoint: Value) => never;
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
export const jobHandle = (ctx: Runs, { jobId, dir, checkpoint }: JobArgument): Job => {
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
    checkpoint: checkpoint === undefined ? undefined : checkpointIn(checkpoint),
    continueLater: (next) => {
      throw handedOn(checkpointText(next));
    },
  };
};

/** How many reports are kept for requests that have not read them yet. They read at least every 3 s. */
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
