/** Runs tools that write: a mutation inside the admission, an action as a job. */
import type { FunctionReference } from "convex/server";
import { isLongerThan } from "../base/text";
import { inputArgument } from "../data/arguments";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { failed, type Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import { MAX_IN_ROW } from "../jobs/job";
import type { Tool } from "../registry/tools";
import { functionArgs, type Args, type Filled } from "../run/arguments";
import { attempt } from "../run/attempt";
import { explainWith } from "../run/explain";
import { earlierJob, earlierResult, keep } from "./idempotency";
import { isUsed, markUsed } from "./usedStates";

/** A call of a tool that no guard refuses. */
export interface Invocation {
  readonly call: Call;
  readonly tool: Tool;
  readonly args: Args;
  readonly principal: Principal;
  /** Of a call with an idempotency key. */
  readonly idempotency: IdempotencyRecord | undefined;
}

const filledOf = ({ principal, call }: Invocation): Filled => ({
  principal,
  input: call.input && inputArgument(call.input),
});

const explain = (tx: GateTx, dir: string, { target, arguments: args = "{}" }: Call) =>
  explainWith(tx, dir, target?.name ?? "", args);

const runMutation = (tx: GateTx, invocation: Invocation, dir: string) =>
  attempt(
    // A nested mutation is a sub-transaction: if it throws, only its own writes are rolled back.
    () =>
      tx.runMutation(
        invocation.tool.ref as FunctionReference<"mutation", "internal">,
        functionArgs(invocation.tool, invocation.args, filledOf(invocation)),
      ),
    () => explain(tx, dir, invocation.call),
  );

/** What is known before a job starts; undefined if its tool leaves all to the job. */
const precheck = async (tx: GateTx, invocation: Invocation, dir: string) => {
  const { tool, args, call } = invocation;
  const { precheck: ref } = tool;
  if (ref === undefined) return undefined;
  return attempt(
    () => tx.runQuery(ref, functionArgs(tool, args, filledOf(invocation))),
    () => explain(tx, dir, call),
  );
};

/** A good key is not among the arguments any more. A mutation's own validator refuses a bad one; no job is started for it. */
const BAD_KEY = "idempotencyKey: expected 8 to 128 visible ASCII characters";

/** To be safe from answers that are used again. A client that only repeats a call should use an idempotency key. */
const USED =
  "These answers were used already, and the call was done. Read the data to see what it did.";

const TOO_LONG = "The arguments have more than 900 KB. Split them into several calls.";

/** Whether an action may start as a job; the row is written with the audit row, whose id it holds. */
const admitJob = async (tx: GateTx, invocation: Invocation, dir: string): Promise<Outcome> => {
  const { call, args } = invocation;
  const { state, answers = "" } = call.input ?? {};
  if (isLongerThan(`${call.arguments ?? ""}${answers}`, MAX_IN_ROW))
    return failed("invalid_arguments", TOO_LONG);
  if (Object.hasOwn(args, "idempotencyKey")) return failed("invalid_arguments", BAD_KEY);
  const checked = await precheck(tx, invocation, dir);
  if (checked !== undefined && checked.state !== "succeeded") return checked;
  if (state !== undefined) await markUsed(tx, state);
  return { state: "started", jobId: crypto.randomUUID(), isNew: true, watcher: 1 };
};

/**
 * The part of a call that belongs in the admission: runs a mutation, or decides that an action may start, unless an
 * earlier call with the same idempotency key already did. Effect and record commit together.
 */
export const execute = async (
  tx: GateTx,
  invocation: Invocation,
  dir: string,
): Promise<Outcome> => {
  const { call, tool, idempotency } = invocation;
  const recall = tool.kind === "action" ? earlierJob : earlierResult;
  const earlier = idempotency && (await recall(tx, idempotency));
  if (earlier !== undefined) return earlier;
  const { state } = call.input ?? {};
  if (state !== undefined && (await isUsed(tx, state))) return failed("state_used", USED);
  if (tool.kind === "action") return admitJob(tx, invocation, dir);
  const outcome = await runMutation(tx, invocation, dir);
  if (outcome.state !== "succeeded") return outcome;
  if (idempotency !== undefined) await keep(tx, idempotency, outcome.result);
  if (state !== undefined) await markUsed(tx, state);
  return outcome;
};
