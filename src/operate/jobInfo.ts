/** A job as operators see it: without its arguments and its result, which are the caller's. */
import { v, type Infer } from "convex/values";
import { findKey } from "../auth/credential";
import { defined } from "../base/defined";
import { lengthOf } from "../data/audit";
import type { Doc, GateReader } from "../data/database";
import { isOver } from "../data/jobState";
import { jobStateValidator, progressValidator } from "../data/values";
import { find } from "../registry/entries";
import { titleOf } from "../registry/titles";
import type { Tools } from "../registry/tools";

/** Whose call a job is, as operators read it. */
export const callerFields = () => ({
  tenant: v.string(),
  subject: v.string(),
  role: v.string(),
  keyId: v.string(),
  keyName: v.optional(v.string()),
  grantId: v.optional(v.string()),
});

/** The validator of `JobInfo`. */
export const jobInfoValidator = () =>
  v.object({
    jobId: v.string(),
    tool: v.string(),
    /** Of the tool, for people. */
    title: v.string(),
    state: jobStateValidator(),
    ...callerFields(),
    /** The operation of the call that started it. */
    operation: v.string(),
    /** Whether somebody had to approve it. */
    isHeld: v.boolean(),
    progress: v.optional(progressValidator()),
    /** Whether it was asked to stop, and has not done so yet. */
    isStopping: v.boolean(),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
    /** Times are ISO 8601, UTC. `updatedAt` is when it last reported, or when it ended. */
    createdAt: v.string(),
    updatedAt: v.string(),
    /** How long it took, in ms, as the audit row of its end says; absent while it runs, and if it never began because nobody approved it. */
    ms: v.optional(v.number()),
  });

export type JobInfo = Infer<ReturnType<typeof jobInfoValidator>>;

const iso = (ms: number) => new Date(ms).toISOString();

const infoOf = (tools: Tools, job: Doc<"toolgateJobs">, keyName: string | undefined): JobInfo => {
  const { jobId, tool, state, tenant, subject, role, keyId, grantId, operation } = job;
  const { approval, progress, failure, cancelRequested, createdAt, updatedAt } = job;
  const ms = isOver(job) ? lengthOf(job, updatedAt) : undefined;
  return {
    ...{ jobId, tool, title: titleOf(tool, find(tools, tool)?.title), state, tenant, subject },
    ...{ role, keyId, operation, isHeld: approval !== undefined },
    isStopping: cancelRequested && state === "working",
    ...defined({ keyName, grantId, progress, failure, ms }),
    ...{ createdAt: iso(createdAt), updatedAt: iso(updatedAt) },
  };
};

/** Describes jobs. Each key is read once. */
export const jobInfos = async (
  db: GateReader,
  tools: Tools,
  jobs: readonly Doc<"toolgateJobs">[],
): Promise<JobInfo[]> => {
  const names = new Map<string, string | undefined>();
  for (const { keyId } of jobs)
    if (!names.has(keyId)) names.set(keyId, (await findKey(db, keyId))?.name);
  return jobs.map((job) => infoOf(tools, job, names.get(job.keyId)));
};

/** Describes one job. */
export const jobInfo = async (
  db: GateReader,
  tools: Tools,
  job: Doc<"toolgateJobs">,
): Promise<JobInfo> => infoOf(tools, job, (await findKey(db, job.keyId))?.name);
