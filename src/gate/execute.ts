/** Runs the tools that write: a mutation runs inside the admission, an action becomes a job. */
import type { FunctionReference } from "convex/server";
import type { Constraints } from "../auth/constraints";
import { isLongerThan } from "../base/text";
import { inputArgument } from "../data/arguments";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { failed, isFault, type Asked, type Ended, type Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import { undone } from "../data/undone";
import { MAX_IN_ROW } from "../jobs/job";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";
import { functionArgs, type Args } from "../run/arguments";
import { attempt } from "../run/attempt";
import { asAsked, explainWith } from "../run/explain";
import { aboutCursor } from "../run/paging";
import { earlierJob, earlierResult, keep } from "./idempotency";
import { isUsed, markUsed, USED } from "./usedStates";

/** A transaction, as far as it runs the app's queries. */
export type Reads = Pick<GateTx, "runQuery">;

/** The folder of the app's glue, and its word for errors. */
export type App = Pick<Toolgate, "dir" | "errors">;

/** A tool call that no guard refuses. */
export interface Invocation {
  readonly call: Call;
  readonly tool: Tool;
  readonly args: Args;
  readonly principal: Principal;
  /** The key's constraints on this tool. */
  readonly constraints: Constraints | undefined;
  /** The names of the arguments that the key fixes. */
  readonly fixed: readonly string[];
  /** What the caller's key and role put under approval. */
  readonly approval?: readonly string[] | undefined;
  /** Set if the call has an idempotency key. */
  readonly idempotency: IdempotencyRecord | undefined;
}

/**
 * The arguments of the function.
 *
 * @param args - as sent, or as mended.
 * @throws as `functionArgs` does.
 */
export const argsOf = (
  { tool, principal, call, constraints, args: sent }: Invocation,
  args: Args = sent,
): Args => {
  const filled = { principal, input: call.input && inputArgument(call.input) };
  return functionArgs(tool, args, filled, constraints);
};

/** Asks the catalog about the call's arguments. */
export const explain = (
  tx: Reads,
  dir: string,
  { call, fixed }: Pick<Invocation, "call" | "fixed">,
) => explainWith(tx, dir, call.target?.name ?? "", call.arguments ?? "{}", fixed);

/** Runs a mutation tool, nested in the transaction. It throws nothing that the tool throws. */
export const attemptMutation = (
  tx: GateTx,
  invocation: Invocation,
  { dir, errors }: App,
): Promise<Ended | Asked> => {
  const { tool, args, fixed } = invocation;
  const ref = tool.ref as FunctionReference<"mutation", "internal">;
  const told = tool.paginated === true ? aboutCursor(tool, args) : undefined;
  return attempt(
    (mended) => tx.runMutation(ref, argsOf(invocation, mended)).catch(told),
    () => explain(tx, dir, invocation).then(asAsked(tool)),
    { errors, fixed },
  );
};

/** Runs a query of the line that looks at the call before its function runs: it may refuse the call or ask for input. */
export const askFirst = (
  tx: Reads,
  invocation: Invocation,
  { dir, errors }: App,
  ref: FunctionReference<"query", "internal">,
): Promise<Ended | Asked> =>
  attempt(
    (mended) => tx.runQuery(ref, argsOf(invocation, mended)),
    () => explain(tx, dir, invocation),
    { errors, fixed: invocation.fixed },
  );

/**
 * The call reader takes a valid key out of the arguments, so one that is still there is malformed. For a mutation the function's own
 * validator refuses it; an action must not start a job for it.
 */
const BAD_KEY = "idempotencyKey: expected 8 to 128 visible ASCII characters";

const FIT: Ended = { state: "succeeded", result: null };

/** Checks a call of an action before its job may start. The tool's `precheck` may refuse it or ask for input. */
export const checkJob = async (
  tx: Reads,
  invocation: Invocation,
  app: App,
): Promise<Ended | Asked> => {
  const { tool, args } = invocation;
  if (tool.idempotencyKey !== true && Object.hasOwn(args, "idempotencyKey"))
    return failed("invalid_arguments", BAD_KEY);
  return tool.precheck === undefined ? FIT : askFirst(tx, invocation, app, tool.precheck);
};

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

const TOO_LONG = "The arguments have more than 900 KB. Split them into several calls.";

/** Decides whether an action may start as a job. The job's row is written later, with the audit row. */
const admitJob = async (tx: GateTx, invocation: Invocation, app: App): Promise<Outcome> => {
  const { call } = invocation;
  const { state, answers = "" } = call.input ?? {};
  if (isLongerThan(`${call.arguments ?? ""}${answers}`, MAX_IN_ROW))
    return failed("invalid_arguments", TOO_LONG);
  const checked = await checkJob(tx, invocation, app);
  if (checked.state !== "succeeded") return checked;
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

/** The job of a call, as its row tells of it. */
export const jobOf = ({ call, principal, idempotency, fixed }: Invocation) => ({
  tool: call.target?.name ?? "",
  arguments: call.arguments ?? "{}",
  fixed: fixed.length === 0 ? undefined : [...fixed],
  ...principal,
  session: call.session,
  requestId: call.requestId,
  traceparent: call.traceparent,
  idempotency,
  input: call.input && inputArgument(call.input),
});
