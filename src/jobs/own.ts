/** Jobs as their caller reaches them again, through a tool. */
import type { Doc, GateReader } from "../dataModel";
import { findKey } from "../keys/credential";
import { authorize } from "../middleware/rbac";
import type { Principal } from "../principal";
import { refuse } from "../refuse";
import { find } from "../registry";
import { rightsOf } from "../rights";
import type { Registry } from "../tools";
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
  const tool = job === null ? undefined : find(tools, job.tool);
  if (job === null || tool === undefined) return refuse("not_found", "No such job.");
  const rights = await rightsOf(db, principal, await findKey(db, principal.keyId));
  const isAllowed = authorize(rights, { kind: "tool", name: job.tool }, tool);
  return isAllowed ? job : refuse("not_found", "No such job.");
};
