/** The handle with which an action reports to its own job. */
import { makeFunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { defined } from "../base/defined";
import { cut } from "../base/text";
import type { JobArgument } from "../data/arguments";
import type { LogLevel } from "../data/logLevel";
import { runnerOf, type Runs } from "../runner/runner";
import { logInternalError } from "../wire/responses";
import { checkpointIn, checkpointText, handedOn } from "./checkpoint";
import { cancellation } from "./ends";
import type { Report } from "./report";

/** The handle for the `job` argument of an action. */
export interface Job {
  /**
   * Reports progress: `done` of `total`, in units of the tool's choice. `done` must grow. `message` is cut to 200 characters. Every
   * call is a mutation, so report steps of a second or more, not every row. A report that Convex does not take is left out, and so is
   * a number that JSON does not have: of a `done` that is NaN, all but that the job goes on.
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

type OfJob = { jobId: string };

/** Logs a failure of a report or look. It says nothing of the work, so it does not stop the job. */
const notTold = (error: unknown): false => {
  logInternalError(error);
  return false;
};

/** What is told of progress. NaN and Infinity would come to clients as null, where only a number is allowed. */
const progressOf = (done: number, total: number | undefined, message: string | undefined) =>
  Number.isFinite(done)
    ? defined({
        ...{ done, total: Number.isFinite(total) ? total : undefined },
        message: message && cut(message, 200),
      })
    : undefined;

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
      tell(defined({ progress: progressOf(done, total, message) })),
    log: (level, data) => tell({ log: { level, data: cut(data, 1000) } }),
    cancelled: () => query(isCancelled, { jobId }).catch(notTold),
    checkpoint: checkpoint === undefined ? undefined : checkpointIn(checkpoint),
    continueLater: (next) => {
      throw handedOn(checkpointText(next));
    },
  };
};
