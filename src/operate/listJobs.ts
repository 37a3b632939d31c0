/** Lists jobs. */
import { v, type Infer } from "convex/values";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import type { Toolgate } from "../registry/toolgate";
import { jobInfos, jobInfoValidator } from "./jobInfo";
import { pageFields, type PageRequest } from "./page";
import { ENDED, readJobs, RUNNING } from "./readJobs";

const whichValidator = v.union(v.literal("running"), v.literal("ended"));

type Which = { state: Infer<typeof whichValidator>; tenant?: string } & PageRequest;

/**
 * The definition of `listJobs`: a page of the jobs that run, or of those that have ended, newest first, of one tenant or of all. Calls
 * that wait for their approval are in neither list. A page may be shorter than its limit, and go on all the same. It throws as
 * `readPage` does.
 */
export const listJobs = ({ tools }: Pick<Toolgate, "tools">) => ({
  args: { state: whichValidator, tenant: v.optional(v.string()), ...pageFields },
  returns: v.object({
    jobs: v.array(jobInfoValidator()),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { state, ...page }: Which,
  ) => {
    const db = gateReader(ctx);
    const { rows, nextCursor } = await readJobs(db, state === "running" ? RUNNING : ENDED, page);
    return { jobs: await jobInfos(db, tools, rows), nextCursor };
  },
});
