/** Shows one held call, as it is now. */
import { v, type Infer } from "convex/values";
import type { Answers } from "../asking/answers";
import { defined } from "../base/defined";
import { refuse } from "../base/refuse";
import {
  gateReader,
  type GateDataModel,
  type GateQuery,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { findJob } from "../jobs/job";
import type { Toolgate } from "../registry/toolgate";
import { approvalInfo, approvalInfoValidator, isHeld, type Held } from "./info";
import { look } from "./now";

const detailValidator = () =>
  v.object({
    ...approvalInfoValidator().fields,
    /** As they will run, as JSON text; `{}` once they are no longer needed. */
    arguments: v.string(),
    /** What the client has answered to the tool's questions, by question, as JSON text. It is part of what will run. */
    answers: v.optional(v.string()),
    /** What an approval must name: it stands for the arguments, the summary and the tool as they are shown here. */
    seen: v.string(),
    /** Whether an approval would run it now. */
    canRun: v.boolean(),
    /** Why not. */
    problem: v.optional(v.object({ code: v.string(), message: v.string() })),
  });

/** A held call with all that the person needs who decides. */
export type ApprovalDetail = Infer<ReturnType<typeof detailValidator>>;

/** A query that reads rows and runs the app's queries. */
export type Shows<Model extends GateDataModel> = GateQueryCtx<Model> & Pick<GateQuery, "runQuery">;

/**
 * Finds a held call.
 *
 * @param tenant - if given, one of another tenant is not found.
 * @throws ConvexError `not_found`, also for a job that needed no approval.
 */
export const requireHeld = async (
  db: GateReader,
  jobId: string,
  tenant?: string,
): Promise<Held> => {
  const job = await findJob(db, jobId);
  return isHeld(job) && (tenant ?? job.tenant) === job.tenant
    ? job
    : refuse("not_found", "jobId: there is no such approval");
};

/** The answers of a call without what the gate keeps beside them. */
const answersOf = ({ input }: Held): string | undefined => {
  const answers = Object.entries(JSON.parse(input?.answers ?? "{}") as Answers);
  return answers.length === 0
    ? undefined
    : JSON.stringify(Object.fromEntries(answers.map(([key, { response }]) => [key, response])));
};

/**
 * Shows a held call. The summary is what the app's query says now, and so is whether it can run.
 *
 * @throws ConvexError `not_found`
 */
export const show = async <Model extends GateDataModel>(
  ctx: Shows<Model>,
  app: Toolgate,
  jobId: string,
  tenant?: string,
): Promise<ApprovalDetail> => {
  const db = gateReader(ctx);
  const job = await requireHeld(db, jobId, tenant);
  const text = job.arguments ?? "{}";
  if (job.state !== "awaiting_approval") {
    const info = await approvalInfo(db, app.tools, job);
    return { ...info, arguments: text, seen: "", canRun: false };
  }
  const { summary, seen, problem, role } = await look({ ...ctx, db }, app, job);
  const info = { ...(await approvalInfo(db, app.tools, job, summary)), role };
  const shown = { ...info, arguments: text, ...defined({ answers: answersOf(job) }), seen };
  if (problem === undefined) return { ...shown, canRun: true };
  const { code, message } = problem;
  return { ...shown, canRun: false, problem: { code, message } };
};

/** The definition of `getApproval`. It throws ConvexError `not_found`. */
export const getApproval = (app: Toolgate) => ({
  args: { jobId: v.string() },
  returns: detailValidator(),
  handler: <Model extends GateDataModel>(
    ctx: Shows<Model>,
    { jobId }: { jobId: string },
  ): Promise<ApprovalDetail> => show(ctx, app, jobId),
});
