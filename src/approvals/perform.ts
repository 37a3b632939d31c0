/** Runs a call that was approved, in the transaction of the decision. */
import type { Failure } from "../data/call";
import type { GateTx } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { checkJob, explain, type Invocation } from "../gate/execute";
import { earlierResult, keep } from "../gate/idempotency";
import { runApart } from "../gate/rehearse";
import { ASKS_AGAIN } from "../jobs/ends";
import { endJob, QUEUE_MS, type JobEnd } from "../jobs/job";
import { watchdogRef, workerRef } from "../jobs/start";
import type { Toolgate } from "../registry/toolgate";
import { UNEXPLAINED } from "../run/explain";
import type { Held } from "./info";

/** What has become of a call, for the person who approved it. */
export interface Performed {
  readonly failure?: Failure | undefined;
  readonly message: string;
}

/** The failure of an outcome; undefined for a success. */
const failureOf = (outcome: Ended | Asked): Failure | undefined => {
  if (outcome.state === "asked") return ASKS_AGAIN;
  if (outcome.state !== "failed") return undefined;
  const { code, message } = outcome;
  return { code, message };
};

const FAILED = "Approved, but failed";

const failing = async (tx: GateTx, job: Held, failure: Failure): Promise<Performed> => {
  await endJob(tx, job, { state: "failed", failure });
  const { code, message } = failure;
  return { failure, message: `${FAILED}: ${code}: ${message}` };
};

const endOf = (outcome: Ended | Asked): JobEnd =>
  "result" in outcome
    ? { state: "succeeded", ...(outcome.result !== null && { result: outcome.result }) }
    : { state: "failed", failure: failureOf(outcome) };

/**
 * Runs a mutation nested in this transaction, once: if a call with the same idempotency key has had its effect meanwhile, this one gets its
 * result.
 */
const runMutation = async (
  tx: GateTx,
  { dir }: Toolgate,
  job: Held,
  invocation: Invocation,
): Promise<Performed> => {
  const { idempotency, principal } = invocation;
  const earlier = idempotency && (await earlierResult(tx, idempotency));
  if (earlier !== undefined && earlier.state !== "started") {
    await endJob(tx, job, endOf(earlier));
    const message =
      "Another call with the same idempotency key was done meanwhile. This one did nothing.";
    return { failure: failureOf(earlier), message };
  }
  const begun = performance.now();
  const outcome = await runApart(tx, dir, invocation, true);
  const failure = failureOf(outcome);
  if (failure !== undefined) return failing(tx, job, failure);
  if (idempotency !== undefined && "result" in outcome)
    await keep(tx, idempotency, outcome.result, principal.operation);
  await endJob(tx, job, endOf(outcome), { ms: Math.round(performance.now() - begun) });
  return { message: "Approved, and done." };
};

/** What is wrong now with a call that does not run in this transaction. */
const objectionTo = async (
  tx: GateTx,
  app: Toolgate,
  invocation: Invocation,
): Promise<Failure | undefined> => {
  const { problems } = await explain(tx, app.dir, invocation).catch(() => UNEXPLAINED);
  if (problems.length > 0) return { code: "invalid_arguments", message: problems.join("\n") };
  return invocation.tool.kind === "action"
    ? failureOf(await checkJob(tx, invocation, app))
    : undefined;
};

/** Queues the job of an action. From here on it is like any other. */
const startAction = async (
  tx: GateTx,
  { dir }: Toolgate,
  { _id, jobId, approval }: Held,
  { principal: { role } }: Invocation,
): Promise<Performed> => {
  const now = Date.now();
  const from = { state: "queued", updatedAt: now, leaseUntil: now + QUEUE_MS } as const;
  await tx.db.patch("toolgateJobs", _id, { ...from, approval, role });
  await tx.scheduler.runAfter(0, workerRef(dir), { jobId });
  await tx.scheduler.runAfter(QUEUE_MS, watchdogRef(dir), { jobId });
  return { message: "Approved. Its job has been started." };
};

/**
 * Runs the call, starts its job, or lets its answer be read.
 *
 * @param job - its row, with the decision on it.
 * @returns the failure if it has failed: then nothing was done.
 */
export const perform = async (
  tx: GateTx,
  app: Toolgate,
  job: Held,
  invocation: Invocation,
): Promise<Performed> => {
  const { kind } = invocation.tool;
  if (kind === "mutation") return runMutation(tx, app, job, invocation);
  const failure = await objectionTo(tx, app, invocation);
  if (failure !== undefined) return failing(tx, job, failure);
  if (kind === "action") return startAction(tx, app, job, invocation);
  await endJob(tx, job, { state: "succeeded" }, { keepsArguments: true });
  return { message: "Approved. The agent gets the answer if it asks for it within 1 hour." };
};
