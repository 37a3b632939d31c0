/** Runs the tools that write: a mutation runs inside the admission, an action becomes a job. */
import { isLongerThan } from "../base/text";
import type { GateTx } from "../data/database";
import { failed, isFault, type Asked, type Ended, type Outcome } from "../data/outcome";
import { undone } from "../data/undone";
import { MAX_IN_ROW } from "../jobs/job";
import { earlierJob, earlierResult, keep } from "./idempotency";
import { askFirst, attemptMutation, type App, type Invocation } from "./invocation";
import { isUsed, markUsed } from "./usedStates";

/**
 * Runs a mutation. If it throws, its own writes are rolled back, since a nested mutation is a sub-transaction. But Convex checks its
 * return value after the sub-transaction has committed. So a fault of any kind undoes the whole admission.
 *
 * @returns the outcome; in the second admission, the failure that undid the first.
 * @throws the error of `undone` after a fault.
 */
const runMutation = async (
  tx: GateTx,
  invocation: Invocation,
  app: App,
): Promise<Ended | Asked> => {
  const { failure } = invocation.call;
  if (failure !== undefined) return failed(failure.code, failure.message);
  const outcome = await attemptMutation(tx, invocation, app);
  if (outcome.state !== "failed" || !isFault(outcome)) return outcome;
  throw undone({ code: outcome.code, message: `${outcome.message} Nothing was done.` });
};

/**
 * The call reader takes a valid key out of the arguments, so one that is still there is malformed. For a mutation the function's own
 * validator refuses it; an action must not start a job for it.
 */
const BAD_KEY = "idempotencyKey: expected 8 to 128 visible ASCII characters";

/** Protects the user's consent: answers count once. A client that wants to repeat a call safely should use an idempotency key. */
const USED =
  "These answers were used already, and the call was done. Read the data to see what it did.";

const TOO_LONG = "The arguments have more than 900 KB. Split them into several calls.";

/** Decides whether an action may start as a job. The job's row is written later, with the audit row. */
const admitJob = async (tx: GateTx, invocation: Invocation, app: App): Promise<Outcome> => {
  const { call, args, tool } = invocation;
  const { state, answers = "" } = call.input ?? {};
  if (isLongerThan(`${call.arguments ?? ""}${answers}`, MAX_IN_ROW))
    return failed("invalid_arguments", TOO_LONG);
  if (tool.idempotencyKey !== true && Object.hasOwn(args, "idempotencyKey"))
    return failed("invalid_arguments", BAD_KEY);
  const checked = tool.precheck && (await askFirst(tx, invocation, app, tool.precheck));
  if (checked !== undefined && checked.state !== "succeeded") return checked;
  if (state !== undefined) await markUsed(tx, state);
  return { state: "started", jobId: crypto.randomUUID(), isNew: true, watcher: 1 };
};

/**
 * Runs a mutation, or decides that an action may start. If an earlier call with the same idempotency key has already run, this call
 * gets its result and runs nothing. Effect and record commit together.
 *
 * @param app - the folder of its glue, and its word for errors.
 * @returns how the call ended, or the job that it starts or joins. A refusal by the tool is an outcome too, not an error.
 */
export const execute = async (tx: GateTx, invocation: Invocation, app: App): Promise<Outcome> => {
  const { call, tool, idempotency } = invocation;
  const recall = tool.kind === "action" ? earlierJob : earlierResult;
  const earlier = idempotency && (await recall(tx, idempotency));
  if (earlier !== undefined) return earlier;
  const { state } = call.input ?? {};
  if (state !== undefined && (await isUsed(tx, state))) return failed("state_used", USED);
  if (tool.kind === "action") return admitJob(tx, invocation, app);
  const outcome = await runMutation(tx, invocation, app);
  if (outcome.state !== "succeeded") return outcome;
  if (idempotency !== undefined)
    await keep(tx, idempotency, outcome.result, invocation.principal.operation);
  if (state !== undefined) await markUsed(tx, state);
  return outcome;
};
