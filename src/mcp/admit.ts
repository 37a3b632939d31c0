/** The HTTP action's side of the admission: calls the `admit` mutation and throws its refusal. */
import { completed } from "../auth/rights";
import { sleep } from "../base/sleep";
import type { Call } from "../data/call";
import { undoneBy } from "../data/undone";
import type { Admission } from "../gate/admission";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import { isConflict } from "../runner/overload";
import { Overloaded } from "../runner/runner";
import { RpcError } from "../wire/jsonrpc";
import type { Caller } from "./caller";
import type { Era, Exchange, Incoming } from "./exchange";
import { runMutation } from "./glue";
import { wireOf } from "./refused";

/** The members that an admission adds to a request. */
type Admitted = Pick<Exchange, "call" | "operation" | "outcome" | keyof Caller>;

const callerIn = ({ principal, rights, streamLease }: Partial<Caller>): Caller => {
  if (principal === undefined || rights === undefined)
    throw new Error("The gate let a call in without a principal or its rights");
  return { principal, rights, streamLease };
};

/** Whether the call can be made twice and does no more than once. A call that writes needs an idempotency key for that. */
const isRepeatable = ({ tools }: Toolgate, { target, idempotencyKey, failure }: Call): boolean =>
  failure !== undefined ||
  idempotencyKey !== undefined ||
  target?.kind !== "tool" ||
  find(tools, target.name)?.kind === "query";

/** The longest pause before an admission that conflicted is made once more, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Calls the `admit` mutation. If it undoes itself, it is called once more, to check the caller again, take the tokens and record the
 * failure. In between nothing of the call exists, so if that fails too, the client can simply try again.
 *
 * It is also called once more if Convex has given it up because of write conflicts: then nothing was written. Pauses are drawn, so that
 * calls that came in one instant do not come together again.
 */
const ask = async (
  incoming: Incoming,
  call: Call,
  hasConflicted = false,
): Promise<Admission<Caller>> => {
  const { app, ctx } = incoming;
  const claim = { evidence: ctx.evidence, call };
  try {
    return await runMutation(incoming, "gate:admit", claim, isRepeatable(app, call));
  } catch (error) {
    const failure = call.failure === undefined ? undoneBy(error) : undefined;
    if (failure !== undefined) return ask(incoming, { ...call, failure });
    if (hasConflicted || !(error instanceof Overloaded && isConflict(error.cause))) throw error;
    await sleep(Math.random() * PAUSE_MS);
    return ask(incoming, call, true);
  }
};

/**
 * Asks the gate to admit a call. The same mutation also runs a mutation tool.
 *
 * @returns the caller, and the outcome of the call if it has one. A refusal that the model should read comes back as a failed
 * outcome.
 * @throws RpcError for any other refusal (such as 401, 429, unknown tool, the call's own fault).
 */
export const admit = async (incoming: Incoming, era: Era, call: Call): Promise<Admitted> => {
  const admission = await ask(incoming, call);
  const { context, operation } = admission;
  if (!("refusal" in admission)) {
    const caller = callerIn(context);
    const made = completed(call, caller.rights);
    return { call: made, operation, outcome: admission.outcome, ...caller };
  }
  const told = wireOf(admission.refusal, era);
  if (told instanceof RpcError) throw Object.assign(told, { operation });
  return { call, operation, outcome: told, ...callerIn(context) };
};
