/** Jobs as their caller reaches them again, through a tool. */
import type { Doc, GateReader } from "../dataModel";
import { authorize } from "../middleware/rbac";
import type { Principal } from "../principal";
import { refuse } from "../refuse";
import { rightsOf } from "../rights";
import { findTool, type Registry } from "../tools";
import { findOwnJob } from "./job";

/**
 * The caller's job, if the caller may use its tool: who may not call a tool does not see its results.
 *
 * @throws ConvexError `not_found`, the same for a job of another caller and for one that never was.
 */
export const requireOwnJob = async (
  db: GateReader,
  tools: Registry,
  jobId: string,
  principal: Principal,
): Promise<Doc<"mcpJobs">> => {
  const job = await findOwnJob(db, jobId, principal);
  const tool = job === null ? undefined : findTool(tools, job.tool);
  const isAllowed =
    job !== null &&
    tool !== undefined &&
    authorize(await rightsOf(db, principal), { kind: "tool", name: job.tool }, tool);
  return isAllowed ? job : refuse("not_found", "No such job.");
};
