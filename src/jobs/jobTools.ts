/** Jobs as tools, for clients without the tasks extension: `jobs_get` and `jobs_cancel`. */
import { v, type Infer } from "convex/values";
import { authorize, rightsOf } from "../auth/rights";
import { standingOf } from "../auth/grant";
import { defined } from "../base/defined";
import { refuse } from "../base/refuse";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQuery,
  type GateQueryCtx,
  type GateReader,
  type GateTx,
} from "../data/database";
import { waitingText } from "../data/jobState";
import { RESULT_CHARS } from "../data/outcome";
import { principalValidator, type Principal } from "../data/principal";
import { jobStateValidator, progressValidator } from "../data/values";
import { find } from "../registry/entries";
import { isWait, MAX_WAIT_SECONDS } from "../registry/jobTools";
import type { Toolgate } from "../registry/toolgate";
import type { Tools } from "../registry/tools";
import { answered } from "./answered";
import { requestCancel } from "./cancel";
import { findOwnJob } from "./job";

type OfJob = { jobId: string; principal: Principal };

const ofJob = () => ({ jobId: v.string(), principal: principalValidator() });

/**
 * Finds a job of the caller. A caller who may no longer call the tool must not see its results either.
 *
 * @throws ConvexError `not_found` for an unknown id, another caller's job, and a tool that the caller may not call.
 */
const requireOwnJob = async (
  db: GateReader,
  tools: Tools,
  { jobId, principal }: OfJob,
): Promise<Doc<"toolgateJobs">> => {
  const job = await findOwnJob(db, jobId, principal);
  const tool = job === null ? undefined : find(tools, job.tool);
  if (job === null || tool === undefined) return refuse("not_found", "No such job.");
  const rights = await rightsOf(db, principal, await standingOf(db, principal));
  const isAllowed = authorize(rights, { kind: "tool", name: job.tool }, tool);
  return isAllowed ? job : refuse("not_found", "No such job.");
};

const viewValidator = () =>
  v.object({
    jobId: v.string(),
    tool: v.string(),
    state: jobStateValidator(),
    progress: v.optional(progressValidator()),
    /** The tool's return value, once the job has succeeded. */
    result: v.optional(v.any()),
    /** True if the job succeeded but its result was too long to keep or to send. */
    resultOmitted: v.optional(v.boolean()),
    error: v.optional(v.object({ code: v.string(), message: v.string() })),
    /** Of a call that a person must approve, or had to. */
    approval: v.optional(
      v.object({
        reason: v.string(),
        expiresAt: v.string(),
        verdict: v.optional(v.union(v.literal("approved"), v.literal("denied"))),
        decidedAt: v.optional(v.string()),
      }),
    ),
    /** What to do while it waits for that, or for an answer. */
    next: v.optional(v.string()),
    /** Times are ISO 8601, UTC. */
    createdAt: v.string(),
    updatedAt: v.string(),
  });

type JobView = Infer<ReturnType<typeof viewValidator>>;

const TOO_LONG = `waitSeconds: expected an integer from 0 to ${String(MAX_WAIT_SECONDS)}`;

const iso = (ms: number) => new Date(ms).toISOString();

/** What the caller may know of the approval. Who decided is not for the caller, and why not unless it was denied: `error` says that. */
const approvalOf = ({ state, approval }: Doc<"toolgateJobs">): Partial<JobView> => {
  if (approval === undefined) return {};
  const { reason, until, decision } = approval;
  const decided = decision && { verdict: decision.verdict, decidedAt: iso(decision.at) };
  const told = { reason, expiresAt: iso(until), ...decided };
  if (state !== "awaiting_approval") return { approval: told };
  const next = `${waitingText(approval)} Tell the user, and ask again in some minutes at the earliest.`;
  return { approval: told, next };
};

/** What whoever reads this may do for a job that asks. A client that can ask its user is asked instead: see mcp/waiting/jobQuestions.ts. */
const nextOf = ({ state, leaseUntil }: Doc<"toolgateJobs">): Partial<JobView> => {
  if (state !== "input_required") return {};
  const how = `A client that can ask its user does so once this is called with "waitSeconds":${String(MAX_WAIT_SECONDS)}.`;
  return {
    next: `The job waits for an answer of your client until ${iso(leaseUntil)}, and fails without one. ${how} Any other may cancel the job.`,
  };
};

/** @param most - the characters that a result of the tool may have. */
const toView = (job: Doc<"toolgateJobs">, most: number): JobView => {
  const { jobId, tool, state, progress, result: kept, failure } = job;
  const result = kept !== undefined && kept.length <= most ? kept : undefined;
  const isOmitted = state === "succeeded" && result === undefined;
  const told = defined({ progress, error: failure, resultOmitted: isOmitted ? true : undefined });
  return {
    jobId,
    tool,
    state,
    ...told,
    ...approvalOf(job),
    ...nextOf(job),
    ...(result === undefined ? {} : { result: JSON.parse(result) as unknown }),
    createdAt: iso(job.createdAt),
    updatedAt: iso(job.updatedAt),
  };
};

/**
 * The definition of the query behind `jobs_get`. It does not wait itself: the HTTP action does (mcp/waiting/shownJob.ts).
 *
 * It throws ConvexError `not_found`, and `invalid_arguments` for a wait that is too long.
 */
export const getJob = (app: Toolgate) => ({
  get args() {
    return { ...ofJob(), waitSeconds: v.optional(v.number()) };
  },
  get returns() {
    return viewValidator();
  },
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
    { waitSeconds = 0, ...args }: OfJob & { waitSeconds?: number },
  ): Promise<JobView> => {
    if (!isWait(waitSeconds)) return refuse("invalid_arguments", TOO_LONG);
    const { tools } = app;
    const db = gateReader(ctx);
    const own = await requireOwnJob(db, tools, args);
    const job = await answered({ ...ctx, db }, app, own);
    return toView(job, find(tools, job.tool)?.maxResultChars ?? RESULT_CHARS);
  },
});

/** The definition of the mutation behind `jobs_cancel`. A running job stops at its next report. It throws ConvexError `not_found`. */
export const stopJob = (tools: Tools) => ({
  get args() {
    return ofJob();
  },
  get returns() {
    return v.object({ jobId: v.string(), state: jobStateValidator() });
  },
  handler: async (tx: GateTx, args: OfJob) => {
    const job = await requireOwnJob(tx.db, tools, args);
    await requestCancel(tx, job);
    const { state } = (await tx.db.get("toolgateJobs", job._id)) ?? job;
    return { jobId: args.jobId, state };
  },
});
