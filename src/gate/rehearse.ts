/**
 * Runs a mutation tool in a sub-transaction of its own: as a rehearsal, of which nothing stays, before somebody is asked to approve the
 * call; and for good, once it was approved. Then too nothing stays of a tool that fails, also if Convex has committed what it did before
 * it refused the return value.
 */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import type { Constraints } from "../auth/constraints";
import { defined } from "../base/defined";
import { callValidator, type Call } from "../data/call";
import type { GateTx } from "../data/database";
import { isFault, type Asked, type Ended } from "../data/outcome";
import { principalValidator, type Principal } from "../data/principal";
import { told, toldBy } from "../data/undone";
import { constraintValidator } from "../data/values";
import { findTool } from "../registry/registry";
import type { Toolgate } from "../registry/toolgate";
import type { Args } from "../run/arguments";
import { attemptMutation, type Invocation } from "./execute";

/** A call of a mutation tool, as it crosses from one function to another. A type, because Convex accepts no interface. */
export type Rehearsal = {
  readonly call: Call;
  readonly principal: Principal;
  readonly constraints?: Constraints;
  readonly fixed: string[];
  /** Whether what the tool does stays, if it succeeds. */
  readonly forGood: boolean;
};

/**
 * Runs a mutation tool in a sub-transaction of its own.
 *
 * @param forGood - whether what the tool does stays, if it succeeds.
 * @returns the outcome. Unless the tool has succeeded for good, nothing of it stays.
 */
export const runApart = async (
  tx: GateTx,
  dir: string,
  { call, principal, constraints, fixed }: Invocation,
  forGood: boolean,
): Promise<Ended | Asked> => {
  const ref = makeFunctionReference<"mutation", Rehearsal, string | null>(`${dir}/gate:rehearse`);
  const run = { call, principal, fixed: [...fixed], ...defined({ constraints }) };
  const outcome = await tx
    .runMutation(ref, { ...run, forGood })
    .then((result) => ({ state: "succeeded", result }) as const, toldBy);
  return outcome.state === "failed" && isFault(outcome)
    ? { ...outcome, message: `${outcome.message} Nothing was done.` }
    : outcome;
};

/**
 * The definition of the internal mutation `rehearse`.
 *
 * @returns the result as JSON text, null if it is too long to keep, if the tool runs for good and has succeeded. Otherwise it throws
 * the error of `told`, with the outcome.
 */
export const rehearsing = (app: Pick<Toolgate, "tools" | "dir" | "errors">) => ({
  get args() {
    return {
      call: callValidator(),
      principal: principalValidator(),
      constraints: v.optional(v.record(v.string(), constraintValidator())),
      fixed: v.array(v.string()),
      forGood: v.boolean(),
    };
  },
  handler: async (
    tx: GateTx,
    { call, principal, constraints, fixed, forGood }: Rehearsal,
  ): Promise<string | null> => {
    const tool = findTool(app.tools, call.target?.name ?? "");
    if (tool?.kind !== "mutation") throw new Error("Only a mutation can be rehearsed");
    const args = JSON.parse(call.arguments ?? "{}") as Args;
    const about = { call, tool, args, principal, constraints, fixed, idempotency: undefined };
    const outcome = await attemptMutation(tx, about, app);
    if (!forGood || outcome.state !== "succeeded") throw told(outcome);
    return outcome.result;
  },
});
