/** Decides on a held call: the yes, the effect and the audit row are one transaction. */
import { v, type Infer } from "convex/values";
import type { GateTx } from "../data/database";
import type { Toolgate } from "../registry/toolgate";
import { requireHeld } from "./get";
import { approvalInfo, approvalInfoValidator } from "./info";

const decideValidator = v.object({
  jobId: v.string(),
  verdict: v.union(v.literal("approve"), v.literal("deny")),
  /** Of the call as it was shown. An approval needs it. */
  seen: v.optional(v.string()),
  /** Who decides. */
  by: v.string(),
  /** Why. The agent reads that of a denial. */
  note: v.optional(v.string()),
});

/** What somebody decides. */
export type Deciding = Infer<typeof decideValidator>;

const decidedValidator = v.object({
  approval: approvalInfoValidator(),
  /** What has happened, for the person. */
  message: v.string(),
});

/** What has become of the call. */
export type Decided = Infer<typeof decidedValidator>;

/** The definition of `decideApproval`. */
export const decideApproval = (app: Toolgate) => ({
  args: decideValidator.fields,
  returns: decidedValidator,
  handler: async (tx: GateTx, { jobId }: Deciding): Promise<Decided> => {
    const job = await requireHeld(tx.db, jobId);
    return { approval: await approvalInfo(tx.db, app.tools, job), message: "" };
  },
});
