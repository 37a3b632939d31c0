/** Lists held calls. */
import { v, type Infer } from "convex/values";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { pageFields, readPage, type PageRequest } from "../operate/page";
import type { Toolgate } from "../registry/toolgate";
import { approvalInfo, approvalInfoValidator, isHeld } from "./info";

const whichValidator = v.union(v.literal("waiting"), v.literal("decided"));

/** Which held calls a list shows. */
export type Which = { state: Infer<typeof whichValidator>; tenant?: string } & PageRequest;

const waiting = (db: GateReader, tenant: string | undefined) => {
  const jobs = db.query("toolgateJobs");
  return tenant === undefined
    ? jobs.withIndex("by_state", (q) => q.eq("state", "awaiting_approval"))
    : jobs.withIndex("by_tenant_state", (q) =>
        q.eq("tenant", tenant).eq("state", "awaiting_approval"),
      );
};

/** Those that were decided, have expired or were withdrawn, as long as their jobs are kept. */
const settled = (db: GateReader) =>
  db
    .query("toolgateJobs")
    .withIndex("by_approval_settledAt", (q) => q.gt("approval.settledAt", 0))
    .order("desc");

/**
 * The definition of `listApprovals`: a page of the held calls, of one tenant or of all. Those that wait come oldest first; those that were
 * decided, have expired or were withdrawn, newest first. A page of the decided calls of one tenant may have fewer rows than its limit, or
 * none, and go on all the same. It throws as `readPage` does.
 */
export const listApprovals = ({ tools }: Pick<Toolgate, "tools">) => ({
  args: { state: whichValidator, tenant: v.optional(v.string()), ...pageFields },
  returns: v.object({
    approvals: v.array(approvalInfoValidator()),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { state, tenant, ...page }: Which,
  ) => {
    const db = gateReader(ctx);
    const query = state === "waiting" ? waiting(db, tenant) : settled(db);
    const { rows, nextCursor } = await readPage(query, page);
    const shown = rows
      .filter(isHeld)
      .filter((job) => tenant === undefined || job.tenant === tenant);
    const approvals = await Promise.all(shown.map((job) => approvalInfo(db, tools, job)));
    return { approvals, nextCursor };
  },
});
