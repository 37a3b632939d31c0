/** Reads a job, for the request that waits for it. */
import { v, type Infer } from "convex/values";
import type { Answers } from "../asking/answers";
import type { OpenRequests } from "../asking/misfit";
import { underTaskKeys } from "../asking/taskKeys";
import { isStanding, standingOf } from "../auth/grant";
import { stopped } from "../auth/stop";
import { defined } from "../base/defined";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQuery,
  type GateQueryCtx,
} from "../data/database";
import { identityValidator, type Identity } from "../data/principal";
import { jobEventValidator, jobStateValidator, progressValidator } from "../data/values";
import type { Toolgate } from "../registry/toolgate";
import { answered } from "./answered";
import { findOwnJob } from "./job";

const watchedValidator = () =>
  v.object({
    state: jobStateValidator(),
    progress: v.optional(progressValidator()),
    events: v.array(jobEventValidator()),
    result: v.optional(v.string()),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
    /** Of a call that somebody must approve or has decided on. Who decided is not for the caller. */
    approval: v.optional(
      v.object({
        reason: v.string(),
        /** In ms since 1970. */
        until: v.number(),
        decision: v.optional(
          v.object({
            verdict: v.union(v.literal("approved"), v.literal("denied")),
            note: v.optional(v.string()),
            at: v.number(),
          }),
        ),
      }),
    ),
    /** The open requests of the job, as JSON text. */
    requests: v.optional(v.string()),
    /** The same under the keys of a task. */
    taskRequests: v.optional(v.string()),
    tool: v.string(),
    /** The operation of the call that started the job. */
    operation: v.string(),
    createdAt: v.number(),
    updatedAt: v.number(),
    leaseUntil: v.number(),
    /** False once the caller's key may no longer be used. */
    isKeyValid: v.boolean(),
    /** True once the operator has stopped what writes, as every job may. */
    isStopped: v.boolean(),
  });

/** A job as a waiting request sees it. Times are milliseconds since 1970; `result` is JSON text. */
export type Watched = Infer<ReturnType<typeof watchedValidator>>;

/** What the caller may know of the approval. */
const approvalOf = ({ approval }: Doc<"toolgateJobs">): Watched["approval"] => {
  if (approval === undefined) return undefined;
  const { reason, until, decision } = approval;
  if (decision === undefined) return { reason, until };
  const { verdict, note, at } = decision;
  return { reason, until, decision: { verdict, at, ...defined({ note }) } };
};

/** The open requests. */
const requestsOf = ({ input }: Doc<"toolgateJobs">): Pick<Watched, "requests" | "taskRequests"> => {
  if (input?.requests === undefined) return {};
  const requests = JSON.parse(input.requests) as OpenRequests;
  const asTask = underTaskKeys(requests, JSON.parse(input.answers) as Answers);
  return { requests: input.requests, taskRequests: JSON.stringify(asTask) };
};

/**
 * The definition of the query that a waiting request polls. Convex answers it from its cache until the job or the key changes.
 * It returns null for an unknown job and for a job of another caller.
 */
export const watchJob = (app: Toolgate) => ({
  get args() {
    return { jobId: v.string(), principal: identityValidator() };
  },
  get returns() {
    return v.union(watchedValidator(), v.null());
  },
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
    { jobId, principal }: { jobId: string; principal: Identity },
  ): Promise<Watched | null> => {
    const db = gateReader(ctx);
    const own = await findOwnJob(db, jobId, principal);
    if (own === null) return null;
    const job = await answered({ ...ctx, db }, app, own);
    const { state, tool, operation, events, createdAt, updatedAt, leaseUntil } = job;
    const { progress, result, failure } = job;
    const told = defined({
      progress,
      result,
      failure,
      approval: approvalOf(job),
      ...requestsOf(job),
    });
    const seen = { state, tool, operation, events, createdAt, updatedAt, leaseUntil, ...told };
    const isKeyValid = isStanding(await standingOf(db, principal));
    return { ...seen, isKeyValid, isStopped: stopped() !== undefined };
  },
});
