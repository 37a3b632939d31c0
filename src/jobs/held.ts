/** Writes the row of a call that waits until somebody approves it. */
import { defined } from "../base/defined";
import type { Notice } from "../data/approval";
import type { Doc, GateTx } from "../data/database";
import { JOB_KEPT_MS } from "../data/jobState";
import type { Toolgate } from "../registry/toolgate";
import { watchdogRef, type NewJob } from "./start";

type Approval = NonNullable<Doc<"toolgateJobs">["approval"]>;

/** Tells the app, once the transaction has committed. */
const tell = async (
  tx: GateTx,
  { approvals, tenants }: Pick<Toolgate, "approvals" | "tenants">,
  { jobId, tool, tenant }: Pick<NewJob, "jobId" | "tool" | "tenant">,
  { reason, until }: Approval,
): Promise<void> => {
  const { notify } = approvals ?? {};
  if (notify === undefined) return;
  const notice: Notice = { jobId, tool, reason, until, ...(tenants && { tenant }) };
  await tx.scheduler.runAfter(0, notify(), notice);
};

/** Writes the row of a call that waits, schedules its end, and tells the app: all in the transaction of the admission. No worker yet. */
export const holdJob = async (
  tx: GateTx,
  app: Pick<Toolgate, "dir" | "approvals" | "tenants">,
  job: NewJob,
  approval: Approval,
): Promise<void> => {
  const { askedAt, until } = approval;
  await tx.db.insert("toolgateJobs", {
    ...defined(job),
    approval,
    state: "awaiting_approval",
    cancelRequested: false,
    watchers: 1,
    events: [],
    leaseUntil: until,
    createdAt: askedAt,
    updatedAt: askedAt,
    // The sweep comes only after its end was told long enough.
    expiresAt: until + JOB_KEPT_MS,
  });
  await tx.scheduler.runAt(until, watchdogRef(app.dir), { jobId: job.jobId });
  await tell(tx, app, job, approval);
};
