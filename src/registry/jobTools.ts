/** The two tools of the library itself, for clients without the tasks extension. */
import type { FunctionReference } from "convex/server";
import type { Principal } from "../data/principal";
import { tool, type Tool } from "./tools";

/** The name of the tool that shows a job. A model learns it when its call takes longer than its request. */
export const JOB_TOOL = "jobs_get";

/** The most seconds that a call of that tool may wait: less than any client does. */
export const MAX_WAIT_SECONDS = 40;

/** Whether a value is a number of seconds that such a call may wait. */
export const isWait = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_WAIT_SECONDS;

type StoppedJob = FunctionReference<
  "mutation",
  "internal",
  { jobId: string; principal: Principal }
>;

const jobId = "The id of the job, as the tool that started it returned it.";

type ShownJob = FunctionReference<
  "query",
  "internal",
  { jobId: string; waitSeconds?: number; principal: Principal }
>;

/** Makes entries of the registry. Bind them to the functions of the glue: `internal.toolgate.jobs.get` and `stop`. */
export const jobTool = {
  /** A query that shows the state of a job, after a wait if the caller wants one. Its name in the registry must be `jobs_get`. */
  get: <const P extends string>(ref: ShownJob, permission: P): Tool<P> =>
    tool.query(ref, {
      permission,
      principal: true,
      arguments: {
        jobId,
        waitSeconds: "How long to wait for the job to end. Default: 0.",
      },
      title: "Check a job",
      // The job's own tool says how long its result may be. This one leaves room for the longest that is kept.
      maxResultChars: 262_144,
      description:
        "A long call of yours that was answered with a job: its state, its progress and, at the end, its result. State unknown means that the server lost it half-way: read the data to see what it did.",
    }),
  /** A mutation that asks a job to stop. */
  cancel: <const P extends string>(ref: StoppedJob, permission: P): Tool<P> =>
    tool.mutation(ref, {
      permission,
      principal: true,
      arguments: { jobId },
      destructive: true,
      idempotent: true,
      title: "Cancel a job",
      description:
        "Ask a long call of yours to stop at its next step. What it did before that may remain; one that has ended stays as it is.",
    }),
};
