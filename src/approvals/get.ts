/** Shows one held call, as it is now. */
import { v, type Infer } from "convex/values";
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

const detailValidator = () =>
  v.object({
    ...approvalInfoValidator().fields,
    /** As they will run, as JSON text. */
    arguments: v.string(),
    /** What an approval must name: it stands for the arguments, the summary and the tool as they are shown here. */
    seen: v.string(),
    /** Whether an approval would run it now. */
    canRun: v.boolean(),
    /** Why not. */
    problem: v.optional(v.object({ code: v.string(), message: v.string() })),
  });

/** A held call with all that the person needs who decides. */
export type ApprovalDetail = Infer<ReturnType<typeof detailValidator>>;

/** @throws ConvexError `not_found` for a job that no approval is or was needed for, too. */
export const requireHeld = async (db: GateReader, jobId: string): Promise<Held> => {
  const job = await findJob(db, jobId);
  return isHeld(job) ? job : refuse("not_found", "jobId: there is no such approval");
};

/** The definition of `getApproval`. It throws ConvexError `not_found`. */
export const getApproval = (app: Toolgate) => ({
  args: { jobId: v.string() },
  returns: detailValidator(),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
    { jobId }: { jobId: string },
  ): Promise<ApprovalDetail> => {
    const db = gateReader(ctx);
    const job = await requireHeld(db, jobId);
    const info = await approvalInfo(db, app.tools, job);
    return { ...info, arguments: job.arguments ?? "{}", seen: "", canRun: false };
  },
});
