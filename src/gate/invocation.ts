/** A tool call with all that its function runs with, and the functions of its line. */
import type { FunctionReference } from "convex/server";
import type { Constraints } from "../auth/constraints";
import { inputArgument } from "../data/arguments";
import type { Call } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import type { Principal } from "../data/principal";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";
import { functionArgs, type Args, type Filled } from "../run/arguments";
import { attempt } from "../run/attempt";
import { explainWith } from "../run/explain";
import { aboutCursor } from "../run/paging";

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
  /** Set if the call has an idempotency key. */
  readonly idempotency: IdempotencyRecord | undefined;
}

const filledOf = ({ principal, call }: Invocation): Filled => ({
  principal,
  input: call.input && inputArgument(call.input),
});

/** @param args - as sent, or as mended. */
const argsOf = (invocation: Invocation, args: Args = invocation.args): Args =>
  functionArgs(invocation.tool, args, filledOf(invocation), invocation.constraints);

const explain = (tx: Pick<GateTx, "runQuery">, dir: string, { call, fixed }: Invocation) =>
  explainWith(tx, dir, call.target?.name ?? "", call.arguments ?? "{}", fixed);

/** Runs a mutation tool, nested in the transaction. It throws nothing that the tool throws. */
export const attemptMutation = (
  tx: GateTx,
  invocation: Invocation,
  { dir, errors }: App,
): Promise<Ended | Asked> => {
  const { tool, args, fixed } = invocation;
  const ref = tool.ref as FunctionReference<"mutation", "internal">;
  return attempt(
    (mended) => tx.runMutation(ref, argsOf(invocation, mended)).catch(aboutCursor(tool, args)),
    () => explain(tx, dir, invocation),
    { errors, fixed },
  );
};

/** Runs a query of the line that looks at the call before its function runs: it may refuse the call or ask for input. */
export const askFirst = (
  tx: Pick<GateTx, "runQuery">,
  invocation: Invocation,
  { dir, errors }: App,
  ref: FunctionReference<"query", "internal">,
): Promise<Ended | Asked> =>
  attempt(
    (mended) => tx.runQuery(ref, argsOf(invocation, mended)),
    () => explain(tx, dir, invocation),
    { errors, fixed: invocation.fixed },
  );
