/** Reading jobs: for the request that waits for one, and for the caller who comes back later. */
import { v, type Infer } from "convex/values";
import { findKey, isKeyValid } from "../auth/credential";
import { authorize, rightsOf } from "../auth/rights";
import { refuse } from "../base/refuse";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { principalValidator, type Principal } from "../data/principal";
import {
  jobEventValidator,
  jobStateValidator,
  progressValidator,
  type JobState,
  type Progress,
} from "../data/values";
import { find } from "../registry/entries";
import type { Tools } from "../registry/tools";
import { findOwnJob } from "./job";

const iso = (ms: number) => new Date(ms).toISOString();

/** A job as its caller sees it. Times are ISO 8601, UTC. */
export interface JobView {
  readonly jobId: string;
  readonly tool: string;
  readonly state: JobState;
  readonly progress?: Progress;
  /** The tool's return value, once the job has succeeded. */
  readonly result?: unknown;
  /** The job succeeded, but its result was too long to keep. */
  readonly resultOmitted?: true;
  readonly error?: { readonly code: string; readonly message: string };
  readonly createdAt: string;
  readonly updatedAt: string;
}

const toView = ({
  jobId,
  tool,
  state,
  progress,
  result,
  failure,
  ...job
}: Doc<"toolgateJobs">): JobView => ({
  ...{ jobId, tool, state },
  ...(progress === undefined ? {} : { progress }),
  ...(result === undefined ? {} : { result: JSON.parse(result) as unknown }),
  ...(state === "succeeded" && result === undefined ? { resultOmitted: true } : {}),
  ...(failure === undefined ? {} : { error: failure }),
  createdAt: iso(job.createdAt),
  updatedAt: iso(job.updatedAt),
});

/**
 * A job for the caller who started it, for a query that is bound as a tool.
 *
 * @throws ConvexError `not_found`
 */
export const viewJob = async <Model extends GateDataModel>(
  ctx: GateQueryCtx<Model>,
  tools: Tools,
  jobId: string,
  principal: Principal,
): Promise<JobView> => toView(await requireOwnJob(gateReader(ctx), tools, jobId, principal));

const watchedValidator = () =>
  v.object({
    state: jobStateValidator(),
    progress: v.optional(progressValidator()),
    events: v.array(jobEventValidator()),
    result: v.optional(v.string()),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
    /** What it asks for, as JSON text. */
    requests: v.optional(v.string()),
    tool: v.string(),
    createdAt: v.number(),
    updatedAt: v.number(),
    leaseUntil: v.number(),
    /** False once the key that waits was revoked or has expired. */
    isKeyValid: v.boolean(),
  });

/** A job as the gate itself looks at it. */
export type Watched = Infer<ReturnType<typeof watchedValidator>>;

/**
 * The definition of the query that a waiting request polls: `internalQuery(watchJob)`. Convex answers it from its cache until
 * the job or the key changes. Null for a job that is not the caller's.
 */
export const watchJob = {
  args: { jobId: v.string(), principal: principalValidator() },
  returns: v.union(watchedValidator(), v.null()),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { jobId, principal }: { jobId: string; principal: Principal },
  ): Promise<Watched | null> => {
    const db = gateReader(ctx);
    const job = await findOwnJob(db, jobId, principal);
    if (job === null) return null;
    const key = await findKey(db, principal.keyId);
    const { state, progress, events, result, failure, tool, input } = job;
    const { createdAt, updatedAt, leaseUntil } = job;
    return {
      ...{ state, tool, events, createdAt, updatedAt, leaseUntil },
      ...(progress === undefined ? {} : { progress }),
      ...(result === undefined ? {} : { result }),
      ...(failure === undefined ? {} : { failure }),
      ...(input?.requests === undefined ? {} : { requests: input.requests }),
      isKeyValid: isKeyValid(key),
    };
  },
};

/**
 * The caller's job, if the caller may use its tool: who may not call a tool does not see its results.
 *
 * @throws ConvexError `not_found`, the same for a job of another caller and for one that never was.
 */
export const requireOwnJob = async (
  db: GateReader,
  tools: Tools,
  jobId: string,
  principal: Principal,
): Promise<Doc<"toolgateJobs">> => {
  const job = await findOwnJob(db, jobId, principal);
  const tool = job === null ? undefined : find(tools, job.tool);
  if (job === null || tool === undefined) return refuse("not_found", "No such job.");
  const rights = await rightsOf(db, principal, await findKey(db, principal.keyId));
  const isAllowed = authorize(rights, { kind: "tool", name: job.tool }, tool);
  return isAllowed ? job : refuse("not_found", "No such job.");
};
