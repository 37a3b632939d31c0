/** A held call, as the person reads it who decides on it. */
import { v, type Infer } from "convex/values";
import { findKey } from "../auth/credential";
import { defined } from "../base/defined";
import { howValidator, summaryValidator, type Summary } from "../data/approval";
import type { Doc, GateReader } from "../data/database";
import { jobStateValidator } from "../data/values";
import { callerFields } from "../operate/jobInfo";
import { find } from "../registry/entries";
import { titleOf } from "../registry/titles";
import type { Tools } from "../registry/tools";

/** The row of a call that is or was held. */
export type Held = Doc<"toolgateJobs"> & Required<Pick<Doc<"toolgateJobs">, "approval">>;

/** Whether a job is a call that somebody must approve, or had to. */
export const isHeld = (job: Doc<"toolgateJobs"> | null): job is Held => job?.approval !== undefined;

/** The validator of `ApprovalInfo`. */
export const approvalInfoValidator = () =>
  v.object({
    jobId: v.string(),
    tool: v.string(),
    /** Of the tool, for people. */
    title: v.string(),
    /** `awaiting_approval` until somebody decides; then as of any job. */
    state: jobStateValidator(),
    ...callerFields(),
    /** The name that the client gives itself: a hint, not proof. */
    client: v.optional(v.string()),
    operation: v.string(),
    /** Why somebody must approve it. */
    reason: v.string(),
    summary: v.optional(summaryValidator()),
    /** Times are ISO 8601, UTC. */
    askedAt: v.string(),
    expiresAt: v.string(),
    decision: v.optional(
      v.object({
        verdict: v.union(v.literal("approved"), v.literal("denied")),
        /** Who decided. Of an operator, the name that they gave. */
        by: v.string(),
        how: howValidator(),
        note: v.optional(v.string()),
        at: v.string(),
      }),
    ),
    failure: v.optional(v.object({ code: v.string(), message: v.string() })),
  });

/** A held call. */
export type ApprovalInfo = Infer<ReturnType<typeof approvalInfoValidator>>;

const iso = (ms: number) => new Date(ms).toISOString();

/** @param summary - in the place of the one that was kept. */
export const approvalInfo = async (
  db: GateReader,
  tools: Tools,
  job: Held,
  summary: Summary | undefined = summaryOf(job),
): Promise<ApprovalInfo> => {
  const { jobId, tool, state, tenant, subject, role, keyId, grantId, operation, failure } = job;
  const { reason, client, askedAt, until, decision } = job.approval;
  return {
    ...{ jobId, tool, title: titleOf(tool, find(tools, tool)?.title), state, tenant, subject },
    ...{ role, keyId, operation, reason, askedAt: iso(askedAt), expiresAt: iso(until) },
    ...defined({
      keyName: (await findKey(db, keyId))?.name,
      decision: decision && { ...decision, at: iso(decision.at) },
      ...{ grantId, client, summary, failure },
    }),
  };
};

/** The summary as it was when the call was held. */
export const summaryOf = ({ approval: { summary } }: Held): Summary | undefined =>
  summary === undefined ? undefined : (JSON.parse(summary) as Summary);
