/** Runs tools that write: a mutation inside the admission, an action as a job. */
import type { FunctionReference } from "convex/server";
import { isLongerThan } from "../base/text";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { failed, type Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import { MAX_IN_ROW } from "../jobs/job";
import type { Tool } from "../registry/tools";
import { functionArgs, inputOf, type Args } from "../run/arguments";
import { attempt } from "../run/attempt";
import { explainWith, type Explains } from "../run/explain";
import { earlierJob, earlierResult, keep } from "./idempotency";
import { isSpent, spend } from "./usedStates";

/** A call that has been let in. */
export interface Invocation {
  readonly call: Call;
  readonly tool: Tool;
  readonly args: Args;
  readonly principal: Principal;
  /** Of a call with an idempotency key. */
  readonly idempotency: IdempotencyRecord | undefined;
}

const explanation = (tx: GateTx, functions: Explains, call: Call) =>
  explainWith(tx, functions, call.target?.name ?? "", call.arguments ?? "{}");

const runMutation = (
  tx: GateTx,
  { tool, args, principal, call }: Invocation,
  functions: Explains,
) =>
  attempt(
    // A nested mutation is a sub-transaction: if it throws, only its own writes are rolled back.
    () =>
      tx.runMutation(
        tool.ref as FunctionReference<"mutation", "internal">,
        functionArgs(tool, args, { principal, ...inputOf(call) }),
      ),
    explanation(tx, functions, call),
  );

/** What is known before a job starts; undefined if its tool leaves all to the job. */
const precheck = async (
  tx: GateTx,
  { tool, args, principal, call }: Invocation,
  functions: Explains,
) => {
  const { precheck: ref } = tool;
  if (ref === undefined) return undefined;
  const filled = { principal, ...inputOf(call) };
  return attempt(
    () => tx.runQuery(ref, functionArgs(tool, args, filled)),
    explanation(tx, functions, call),
  );
};

/** A good key is not among the arguments any more. A mutation's own validator refuses a bad one; no job is started for it. */
const BAD_KEY = "idempotencyKey: expected 8 to 128 visible ASCII characters";

/** To be safe from answers that are used again. A client that only repeats a call should use an idempotency key. */
const SPENT =
  "These answers were used already, and the call was done. Read the data to see what it did.";

const TOO_LONG = "The arguments have more than 900 KB. Split them into several calls.";

/**
 * The part of a call that belongs in the admission: runs a mutation, or decides that an action may start, unless an
 * earlier call with the same idempotency key already did. Effect and record commit together.
 */
export const execute = async (
  tx: GateTx,
  invocation: Invocation,
  functions: Explains,
): Promise<Outcome> => {
  const { call, tool, args, idempotency } = invocation;
  const earlier =
    idempotency &&
    (await (tool.kind === "action" ? earlierJob(tx, idempotency) : earlierResult(tx, idempotency)));
  if (earlier !== undefined) return earlier;
  const { state } = call.input ?? {};
  if (state !== undefined && (await isSpent(tx, state))) return failed("state_used", SPENT);
  if (tool.kind === "action") {
    if (isLongerThan(`${call.arguments ?? ""}${call.input?.answers ?? ""}`, MAX_IN_ROW))
      return failed("invalid_arguments", TOO_LONG);
    if (Object.hasOwn(args, "idempotencyKey")) return failed("invalid_arguments", BAD_KEY);
    const checked = await precheck(tx, invocation, functions);
    if (checked !== undefined && checked.state !== "succeeded") return checked;
    const jobId = crypto.randomUUID();
    if (state !== undefined) await spend(tx, state);
    return { state: "started", jobId, isNew: true, watcher: 1 };
  }
  const outcome = await runMutation(tx, invocation, functions);
  if (outcome.state !== "succeeded") return outcome;
  if (idempotency !== undefined) await keep(tx, idempotency, outcome.result);
  if (state !== undefined) await spend(tx, state);
  return outcome;
};
