/** Decides on a held call: the yes, the effect and the audit row are one transaction. */
import { v, type Infer } from "convex/values";
import { standingOf } from "../auth/grant";
import { onOneLine } from "../base/plainText";
import { refuse } from "../base/refuse";
import { withoutKeys } from "../base/text";
import { defined } from "../base/defined";
import type { Decision } from "../data/approval";
import { recordChange } from "../data/audit";
import type { Failure } from "../data/call";
import type { GateTx } from "../data/database";
import { denial, expiry } from "../jobs/ends";
import { endJob } from "../jobs/job";
import type { Toolgate } from "../registry/toolgate";
import { requireHeld } from "./get";
import { approvalInfo, approvalInfoValidator, type Held } from "./info";
import { look, type Now } from "./now";
import { perform } from "./perform";

const decideValidator = v.object({
  jobId: v.string(),
  verdict: v.union(v.literal("approve"), v.literal("deny")),
  /** Of the call as it was shown. An approval needs it. */
  seen: v.optional(v.string()),
  /** Who decides, 1 to 200 characters. */
  by: v.string(),
  /** Why, at most 1,000 characters. The agent reads that of a denial. */
  note: v.optional(v.string()),
});

/** What somebody decides. */
export type Deciding = Infer<typeof decideValidator>;

const decidedValidator = v.object({
  approval: approvalInfoValidator(),
  /** What has become of the call, for the person. */
  message: v.string(),
});

/** What has become of the call. */
export type Decided = Infer<typeof decidedValidator>;

const MOST = { by: 200, note: 1_000 } as const;

/** @throws ConvexError `invalid_arguments` */
const requireFields = ({ by, note = "", verdict, seen }: Deciding): void => {
  if (onOneLine(by, MOST.by) !== by || by === "")
    refuse("invalid_arguments", "by: expected who decides, 1 to 200 characters on one line");
  if (note.length > MOST.note)
    refuse("invalid_arguments", "note: expected at most 1,000 characters");
  // The agent reads it.
  if (withoutKeys(note) !== note) refuse("invalid_arguments", "note: must not contain an API key");
  if (verdict === "approve" && seen === undefined)
    refuse("invalid_arguments", "seen: expected what getApproval told with the call");
};

const at = (ms: number) => new Date(ms).toISOString();

/**
 * Refuses to decide on what no longer waits.
 *
 * @throws ConvexError `expired`, or `decided` that says who decided.
 */
const requireWaiting = ({ state, approval: { decision, until } }: Held): void => {
  if (state === "awaiting_approval") return;
  if (decision !== undefined) {
    const { verdict, by, at: when } = decision;
    const done = verdict === "approved" ? "Approved" : "Denied";
    refuse("decided", `${done} by ${by} at ${at(when)} already. This decision has no effect.`);
  }
  if (state === "expired") refuse("expired", `It expired at ${at(until)}. Nothing was done.`);
  refuse("decided", "The call was withdrawn before anyone decided. Nothing was done.");
};

/**
 * Four eyes: nobody approves a call of their own agent. That holds for a signed-in user of the app. The name of an operator is only claimed.
 * Not checked: which person stands behind a subject that is not their own, since no row says so.
 *
 * @throws ConvexError `own_call`
 */
const requireOther = async (tx: GateTx, job: Held, by: string): Promise<void> => {
  const { key, grant } = await standingOf(tx.db, job);
  if ([job.subject, key?.subject, grant?.subject].includes(by))
    refuse("own_call", "You asked for this: somebody else must decide.");
};

/** The row of a held call with the decision on it. */
const decidedOn = (job: Held, decision: Decision): Held => ({
  ...job,
  approval: { ...job.approval, decision, settledAt: decision.at },
});

/** How a decision ended: with a failure of the call if there is one. */
interface Settled {
  readonly failure?: Failure | undefined;
  readonly message: string;
}

const approve = async (tx: GateTx, app: Toolgate, job: Held, now: Now): Promise<Settled> => {
  const { problem, invocation } = now;
  if (problem?.ends !== undefined || invocation === undefined) {
    const failure = problem?.ends ?? problem;
    await endJob(tx, job, { state: "failed", failure });
    return { failure, message: `Can no longer run: ${problem?.message ?? ""}` };
  }
  return perform(tx, app, job, invocation);
};

/** @throws ConvexError `changed`, or the problem for which a call cannot run just now but waits on. */
const requireSeen = ({ seen, problem }: Now, claimed: string | undefined): void => {
  if (seen !== claimed)
    refuse("changed", "The call changed since you looked at it. Look again, and decide anew.");
  if (problem !== undefined && problem.ends === undefined)
    refuse(problem.code, `Not recorded, and nothing was done: ${problem.message}`);
};

const recordDecision = (
  tx: GateTx,
  { jobId, operation, keyId, grantId, tenant, role, tool }: Held,
  { verdict, by, note, seen }: Deciding,
  { how }: Pick<Decision, "how">,
  failure: Failure | undefined,
) =>
  recordChange(tx, {
    method: `approvals/${verdict}`,
    args: { jobId, by, how, ...defined({ note, seen }) },
    ...{ operation, keyId, tenant, role, tool, ...defined({ grantId }) },
    ...(failure && { outcome: "failed", reason: failure.code }),
  });

/** Ends a call that somebody decides on too late. Returned and not thrown, so that the end stays. */
const tooLate = async (tx: GateTx, job: Held): Promise<string> => {
  await endJob(tx, job, expiry(job));
  return "It expired before you decided. Nothing was done.";
};

const settle = async (
  tx: GateTx,
  app: Toolgate,
  job: Held,
  deciding: Deciding,
  how: Decision["how"],
): Promise<string> => {
  if (job.approval.until <= Date.now()) return tooLate(tx, job);
  const { verdict, by, note, seen } = deciding;
  const made = { by, how, at: Date.now(), ...defined({ note }) };
  if (verdict === "deny") {
    await endJob(tx, decidedOn(job, { verdict: "denied", ...made }), denial(note));
    await recordDecision(tx, job, deciding, { how }, undefined);
    return "Denied. Nothing was done.";
  }
  if (how === "app") await requireOther(tx, job, by);
  const now = await look(tx, app, job);
  requireSeen(now, seen);
  const yes = decidedOn(job, { verdict: "approved", ...made });
  const { failure, message } = await approve(tx, app, yes, now);
  await recordDecision(tx, job, deciding, { how }, failure);
  return message;
};

/**
 * Decides on a held call. A mutation runs in this transaction, an action starts its job in it, a query runs when its answer is read. A call
 * that can no longer run, or has expired, ends as such; the message says so.
 *
 * @param how - who says who decides: the app, of its signed-in user, or the operator.
 * @param tenant - if given, a call of another tenant is not found.
 * @throws ConvexError `not_found`, `decided`, `expired`, `own_call`, `changed`, `stopped`, `internal`, `invalid_arguments`. Then nothing is
 * recorded, and nothing was done.
 */
export const decide = async (
  tx: GateTx,
  app: Toolgate,
  deciding: Deciding,
  how: Decision["how"],
  tenant?: string,
): Promise<Decided> => {
  requireFields(deciding);
  const { jobId } = deciding;
  const job = await requireHeld(tx.db, jobId, tenant);
  requireWaiting(job);
  const message = await settle(tx, app, job, deciding, how);
  const after = await requireHeld(tx.db, jobId, tenant);
  return { approval: await approvalInfo(tx.db, app.tools, after), message };
};

/** The definition of `decideApproval`, for operators. `by` is the name that they give. It throws as `decide` does. */
export const decideApproval = (app: Toolgate) => ({
  args: decideValidator.fields,
  returns: decidedValidator,
  handler: (tx: GateTx, deciding: Deciding): Promise<Decided> =>
    decide(tx, app, deciding, "operator"),
});
