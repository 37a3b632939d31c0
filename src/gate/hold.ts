/**
 * Holds a call until somebody approves it. Before anybody is asked, the call is checked as far as it can be without an effect: a mutation
 * runs as a rehearsal, of which nothing stays. What would refuse the call, or ask the client, does so at once.
 */
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { isLongerThan } from "../base/text";
import type { Doc, GateTx } from "../data/database";
import { readWithin } from "../data/meter";
import { failed, type Asked, type Ended, type Outcome } from "../data/outcome";
import { holdJob } from "../jobs/held";
import { endedOf, resume, waitedTooLong } from "../jobs/job";
import { definitionOf } from "../jobs/toolNow";
import { approvalHoursOf, type Toolgate } from "../registry/toolgate";
import type { Args } from "../run/arguments";
import { attempt, misfit } from "../run/attempt";
import { UNEXPLAINED } from "../run/explain";
import { earlierJob, earlierResult } from "./idempotency";
import { argsOf, checkJob, explain, jobOf, type Invocation } from "./execute";
import { mayNeed, neededFor, type Needed } from "./needed";
import { runApart } from "./rehearse";
import { isUsed, markUsed, USED } from "./usedStates";

/** What holding needs to know of the app. */
export type HoldingApp = Pick<Toolgate, "dir" | "errors" | "approvals" | "tenants">;

/** How many calls may wait at once. All of them are read to count them, so it is also what a held call reads. */
const MOST = { ofSubject: 20, ofTenant: 200 } as const;

/** The most bytes of the same calls made before that are looked at: one that was done has a result of up to 256 KiB. */
const BYTES = 4_000_000;

const HOUR_MS = 60 * 60_000;

/** How long a call that its caller has withdrawn counts as one that waits, in milliseconds: people were told of it. */
const WITHDRAWN_MS = 10 * 60_000;

/** The longest arguments and answers of a held call, in bytes of JSON: a person must read them. */
const MAX_READABLE = 16 * 1024;

/** How long a denial stands for the same call, in milliseconds. */
const DENIED_MS = 10 * 60_000;

const TOO_LONG = failed(
  "too_long_to_approve",
  "A person must approve this call, and its arguments are too long to read: at most 16 KiB. Nothing was done. Split it into several calls.",
);

const tooMany = (what: string): Ended =>
  failed(
    "too_many_waiting",
    `${what}, and no more can wait. Nothing was done. Tell the user, and do not call again before some of them are decided.`,
  );

/** A digest of the caller, the tool and the arguments. */
const digestOfCall = ({ call, args, principal: { tenant, subject } }: Invocation) =>
  digest([tenant, subject, call.target?.name, args]);

/** Whether a call that is the same as an earlier one gets its outcome: it waits still, or was denied a moment ago. */
const stands = (job: Doc<"toolgateJobs">): boolean =>
  (job.state === "awaiting_approval" && !waitedTooLong(job)) ||
  (job.state === "denied" && (job.approval?.settledAt ?? 0) > Date.now() - DENIED_MS);

/**
 * The outcome of the same call made before, if that waits or was denied. With an idempotency key, it is the call with the same key; but a
 * denial is not shed by a new one. It may be of the oldest of many that waited under keys of their own, so more are looked at than can wait.
 */
const earlierOf = async (
  tx: GateTx,
  { idempotency, tool }: Invocation,
  same: string,
): Promise<Outcome | undefined> => {
  if (idempotency !== undefined) {
    const result = tool.kind === "mutation" ? await earlierResult(tx, idempotency) : undefined;
    const own = result ?? (await earlierJob(tx, idempotency));
    if (own !== undefined) return own;
  }
  const newest = tx.db
    .query("toolgateJobs")
    .withIndex("by_approval_call", (q) => q.eq("approval.call", same))
    .order("desc");
  const jobs = await readWithin({ left: BYTES }, newest, 2 * MOST.ofSubject);
  const found = jobs.find(
    (job) => stands(job) && (idempotency === undefined || job.state === "denied"),
  );
  return found && (endedOf(found) ?? (await resume(tx, found)));
};

/** How many calls of a subject were withdrawn a moment ago, before anybody had decided. The newest are looked at. */
const withdrawnOf = async (tx: GateTx, tenant: string, subject: string): Promise<number> => {
  const since = Date.now() - WITHDRAWN_MS;
  const cancelled = await tx.db
    .query("toolgateJobs")
    .withIndex("by_tenant_state_subject", (q) =>
      q.eq("tenant", tenant).eq("state", "cancelled").eq("subject", subject),
    )
    .order("desc")
    .take(2 * MOST.ofSubject);
  return cancelled.filter(
    ({ approval: { decision, settledAt = 0 } = {} }) => decision === undefined && settledAt > since,
  ).length;
};

/** Refuses a call while too many of its subject or its tenant wait. Who withdraws a call and makes another tells people twice. */
const crowded = async (
  tx: GateTx,
  { principal: { tenant, subject } }: Invocation,
): Promise<Ended | undefined> => {
  const waiting = await tx.db
    .query("toolgateJobs")
    .withIndex("by_tenant_state", (q) => q.eq("tenant", tenant).eq("state", "awaiting_approval"))
    .take(MOST.ofTenant);
  const own = waiting.filter((job) => job.subject === subject).length;
  if (own + (await withdrawnOf(tx, tenant, subject)) >= MOST.ofSubject)
    return tooMany(
      `${String(MOST.ofSubject)} of your calls wait for a person's approval or were withdrawn in the last minutes`,
    );
  return waiting.length >= MOST.ofTenant
    ? tooMany("Too many calls wait for a person's approval")
    : undefined;
};

/** Checks the call by its kind, without an effect. */
const tried = (tx: GateTx, invocation: Invocation, app: HoldingApp): Promise<Ended | Asked> => {
  if (invocation.tool.kind === "mutation") return runApart(tx, app.dir, invocation, false);
  if (invocation.tool.kind === "action") return checkJob(tx, invocation, app);
  return attempt(
    () => Promise.resolve(argsOf(invocation)),
    () => Promise.resolve(UNEXPLAINED),
  );
};

/** A call that would run as it is, with a digest of how its tool is defined. */
interface Fit {
  readonly invocation: Invocation;
  readonly definition: string;
}

/** Finds the arguments that the function would get, mended where they must be. */
const fitted = async (
  tx: GateTx,
  invocation: Invocation,
  app: HoldingApp,
): Promise<Fit | Ended> => {
  const { tool, call, fixed } = invocation;
  const explained = await explain(tx, app.dir, invocation).catch(() => UNEXPLAINED);
  const { problems, mended, unfit } = explained;
  if (unfit !== undefined) return misfit(fixed);
  if (mended === undefined && problems.length > 0)
    return failed("invalid_arguments", problems.join("\n"));
  const definition = await definitionOf(tool, explained.definition);
  if (mended === undefined) return { invocation, definition };
  const args = JSON.parse(mended) as Args;
  return { invocation: { ...invocation, call: { ...call, arguments: mended }, args }, definition };
};

/** The call if it may wait for approval; otherwise its outcome. */
const checked = async (
  tx: GateTx,
  invocation: Invocation,
  app: HoldingApp,
): Promise<Fit | Ended | Asked> => {
  const { state, answers = "" } = invocation.call.input ?? {};
  if (state !== undefined && (await isUsed(tx, state))) return failed("state_used", USED);
  const fit = await fitted(tx, invocation, app);
  if ("state" in fit) return fit;
  if (isLongerThan(`${fit.invocation.call.arguments ?? ""}${answers}`, MAX_READABLE))
    return TOO_LONG;
  const full = await crowded(tx, invocation);
  if (full !== undefined) return full;
  const outcome = await tried(tx, fit.invocation, app);
  return outcome.state === "succeeded" ? fit : outcome;
};

/** Writes the call's row. */
const start = async (
  tx: GateTx,
  app: HoldingApp,
  { invocation, definition }: Fit,
  same: string,
  { reason, summary }: Needed,
): Promise<Outcome> => {
  const { call } = invocation;
  const askedAt = Date.now();
  const until = askedAt + approvalHoursOf(app) * HOUR_MS;
  const text = summary && JSON.stringify(summary);
  const about = { reason, call: same, definition, askedAt, until };
  const jobId = crypto.randomUUID();
  const approval = { ...about, ...defined({ summary: text, client: call.client }) };
  await holdJob(tx, app, { ...jobOf(invocation), jobId }, approval);
  if (call.input?.state !== undefined) await markUsed(tx, call.input.state);
  return { state: "started", jobId, isNew: true, watcher: 1, awaits: { reason, until } };
};

/**
 * Holds the call if somebody must approve it. The same call made before, if it waits or was denied, gives its outcome instead.
 *
 * @returns undefined if the call may run.
 */
export const hold = async (
  tx: GateTx,
  invocation: Invocation,
  app: HoldingApp,
): Promise<Outcome | undefined> => {
  // In the second admission the rule has let the call run.
  if (invocation.call.failure !== undefined || !mayNeed(invocation, app)) return undefined;
  const same = await digestOfCall(invocation);
  const earlier = await earlierOf(tx, invocation, same);
  if (earlier !== undefined) return earlier;
  const needed = await neededFor(tx, invocation, app);
  if (needed === undefined || "state" in needed) return needed;
  const fit = await checked(tx, invocation, app);
  return "state" in fit ? fit : start(tx, app, fit, same, needed);
};
