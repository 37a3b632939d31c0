/** Runs tools that write: a mutation inside the admission, an action as a job. */
import type { FunctionReference } from "convex/server";
import type { Call } from "./admission";
import type { GateQuery, GateTx } from "./dataModel";
import { earlierOutcome, keep, slotOf } from "./idempotency";
import { attempt, failed, type Outcome } from "./outcome";
import type { Principal } from "./principal";
import { refuse } from "./refuse";
import { isLongerThan } from "./size";
import type { Tool } from "./tools";

/** The catalog's query that says what is wrong with a tool's arguments, a sentence each; empty if nothing is. */
export type Explain = FunctionReference<
  "query",
  "internal",
  { tool: string; arguments: string },
  string[]
>;

type Args = Readonly<Record<string, unknown>>;

/** A call that has been let in. */
export interface Invocation {
  readonly call: Call;
  readonly tool: Tool;
  readonly args: Args;
  readonly principal: Principal;
}

/** What the server fills in, by the names of the arguments. */
const fromServer = (tool: Tool, principal: Principal, jobId: string | undefined): Args => ({
  ...(tool.principal === true ? { principal } : {}),
  ...(tool.job === true && jobId !== undefined ? { job: { jobId } } : {}),
});

/**
 * The arguments the bound function gets: the client's, and the server's own.
 *
 * @throws ConvexError `invalid_arguments` if the client sent one of the server's: it is no argument of any tool.
 */
export const functionArgs = (
  tool: Tool,
  args: Args,
  principal: Principal,
  jobId?: string,
): Args => {
  const own = fromServer(tool, principal, jobId);
  const sent = Object.keys(own).find((name) => Object.hasOwn(args, name));
  if (sent === undefined) return { ...args, ...own };
  return refuse("invalid_arguments", `${sent}: no such argument`);
};

/** What is wrong with a tool's arguments, for `attempt` to ask after a failure. */
export const explainWith =
  (ctx: Pick<GateQuery, "runQuery">, explain: Explain, name: string, args: Args) => () =>
    ctx.runQuery(explain, { tool: name, arguments: JSON.stringify(args) });

const runMutation = (tx: GateTx, { tool, args, principal, call }: Invocation, explain: Explain) =>
  attempt(
    // A nested mutation is a sub-transaction: if it throws, only its own writes are rolled back.
    () =>
      tx.runMutation(
        tool.ref as FunctionReference<"mutation", "internal">,
        functionArgs(tool, args, principal),
      ),
    explainWith(tx, explain, call.target?.name ?? "", args),
  );

/** A good key is not among the arguments any more. A mutation's own validator refuses a bad one; no job is started for it. */
const BAD_KEY = "idempotencyKey: expected 8 to 128 visible ASCII characters";

/** A job's arguments wait in its row, and a row of Convex has at most 1 MiB. */
const MAX_JOB_ARGUMENTS = 900 * 1024;

const TOO_LONG = "The arguments have more than 900 KB. Split them into several calls.";

/**
 * The part of a call that belongs in the admission: runs a mutation, or decides that an action may start, unless an
 * earlier call with the same idempotency key already did. Effect and record commit together.
 */
export const execute = async (
  tx: GateTx,
  invocation: Invocation,
  explain: Explain,
): Promise<Outcome> => {
  const { call, tool, args, principal } = invocation;
  const slot =
    call.idempotencyKey === undefined
      ? undefined
      : await slotOf(principal, call.target?.name ?? "", args, call.idempotencyKey);
  const earlier = slot && (await earlierOutcome(tx, slot));
  if (earlier !== undefined) return earlier;
  if (tool.kind === "action") {
    if (isLongerThan(call.arguments ?? "", MAX_JOB_ARGUMENTS))
      return failed("invalid_arguments", TOO_LONG);
    if (Object.hasOwn(args, "idempotencyKey")) return failed("invalid_arguments", BAD_KEY);
    const jobId = crypto.randomUUID();
    if (slot !== undefined) await keep(tx, slot, { jobId });
    return { state: "started", jobId, isNew: true, watcher: 1 };
  }
  const outcome = await runMutation(tx, invocation, explain);
  if (slot !== undefined && outcome.state === "succeeded") await keep(tx, slot, outcome);
  return outcome;
};
