/** Cancels a job of anybody, for operators. */
import { v } from "convex/values";
import { refuse } from "../base/refuse";
import { defined } from "../base/defined";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { isOver } from "../data/jobState";
import { requestCancel } from "../jobs/cancel";
import { findJob } from "../jobs/job";
import type { Toolgate } from "../registry/toolgate";
import { jobInfo, jobInfoValidator, type JobInfo } from "./jobInfo";
import { requireText } from "./keyFields";

type Cancellation = { jobId: string; reason?: string };

const recordCancel = async (tx: GateTx, job: Doc<"toolgateJobs">, args: Cancellation) => {
  const { keyId, grantId, tenant, role, operation } = job;
  const about = { keyId, tenant, role, operation, ...defined({ grantId }) };
  await recordChange(tx, { method: "jobs/cancel", args, ...about });
};

/**
 * The definition of `cancelJobById`. A job that no worker runs ends at once, a call that waits for its approval too. One that runs stops
 * at its next report, and what it has done stays. A job that has ended stays as it is. It returns the job.
 *
 * It throws ConvexError `not_found`, and `invalid_arguments` for a reason that is not 1 to 200 printable characters.
 */
export const cancelJobById = ({ tools }: Pick<Toolgate, "tools">) => ({
  args: { jobId: v.string(), reason: v.optional(v.string()) },
  returns: jobInfoValidator(),
  handler: async (tx: GateTx, args: Cancellation): Promise<JobInfo> => {
    const { jobId, reason } = args;
    if (reason !== undefined) requireText("reason", reason, 200);
    const find = async () =>
      (await findJob(tx.db, jobId)) ??
      refuse("not_found", `jobId: there is no job ${JSON.stringify(jobId)}`);
    const job = await find();
    if (!isOver(job)) {
      await requestCancel(tx, job);
      await recordCancel(tx, job, args);
    }
    return jobInfo(tx.db, tools, await find());
  },
});
