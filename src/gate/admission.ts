/**
 * The database half of the gate. One mutation decides on a call, runs its tool if that is a mutation, and writes the audit row. All
 * of it commits together or not at all, so every call that gets an answer also has an audit row.
 */
import { v } from "convex/values";
import type { Answers } from "../asking/answers";
import { boundTo } from "../asking/requestState";
import { fixedOn } from "../auth/fixed";
import { mayAct } from "../auth/mayAct";
import { completed, type Rights } from "../auth/rights";
import { stopped } from "../auth/stop";
import { record } from "../data/audit";
import { callValidator, type Call, type Carried } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import { originalOf, type Outcome } from "../data/outcome";
import { identityOf, type Identity, type Principal } from "../data/principal";
import { reasonOf, type Refusal } from "../data/refusal";
import { rejoin } from "../jobs/answer";
import { startJob } from "../jobs/start";
import type { Chain, ContextOf } from "../middleware/compose";
import type { CallClaim, Link, Verdict } from "../middleware/guard";
import { onion, type Layer } from "../middleware/onion";
import { findTarget, findTool } from "../registry/registry";
import type { Toolgate } from "../registry/toolgate";
import { execute, jobOf } from "./execute";
import { hold } from "./hold";
import { idempotencyRecordOf } from "./idempotency";
import { sharesKey } from "./sharedKey";

/** The reply of `admit`: the id of the call, the context that the guards have built, and either the refusal or the outcome. */
export type Admission<Context> = { readonly operation: string } & (
  | { readonly context: Partial<Context>; readonly refusal: Refusal }
  | {
      readonly context: Context;
      /** How the tool ended, or the job that an action runs as. Absent if the admission runs nothing. */
      readonly outcome?: Outcome | undefined;
    }
);

/** Whether the `requestState` belongs to this caller and this call: a state of another one must not count. */
const isOwnState = async (
  call: Call,
  { boundTo: bound }: Carried,
  principal: Identity | undefined,
): Promise<boolean> => principal !== undefined && bound === (await boundTo(principal, call));

/** What the guards of one call have decided so far. */
interface Decided {
  readonly principal?: Identity;
  readonly rights?: Rights;
}

/**
 * Refuses a call for a fault of its own, after all guards have let it pass. It runs inside the guards, so they see its refusal:
 * streamBudget, for one, then takes no lease.
 */
const objectionTo = async (
  tx: GateTx,
  app: Toolgate,
  claim: CallClaim,
  { principal, rights }: Decided,
): Promise<Refusal | undefined> => {
  const { call, tool } = claim;
  const what = stopped();
  if (what === "all" || (what === "writes" && tool !== undefined && tool.kind !== "query"))
    return { kind: "stopped", what };
  const isAsked = app.subjects?.mayAct !== undefined && principal !== undefined;
  if (isAsked && !(await mayAct(tx, app, principal)))
    return { kind: "invalid_key", reason: "subject_may_not_act", keyId: principal.keyId };
  const { fault, input, sharesKeyWith } = call;
  if (sharesKeyWith !== undefined && sharesKey(app.tools, claim, rights))
    return { kind: "shared_key" };
  if (fault !== undefined || input?.state === undefined) return fault;
  const isOwn = await isOwnState(completed(call, rights), input.state, principal);
  return isOwn ? undefined : { kind: "foreign_state" };
};

/** Runs the database halves as an onion: a guard further out sees the verdict of the guards further in. */
const decide = (
  app: Toolgate,
  chain: readonly Link[],
  tx: GateTx,
  claim: CallClaim,
): Promise<Verdict> => {
  const layers = chain
    .filter((link) => typeof link !== "function")
    .map((guard): Layer<Decided, Verdict> => async (soFar, context, next) => {
      const add = (more: object) => next(Object.assign(context, more));
      return { context, ...(await guard.decide(tx, soFar, add as never)) };
    });
  const core = async (_claim: never, context: Decided): Promise<Verdict> => ({
    context,
    refusal: await objectionTo(tx, app, claim, context),
  });
  return onion(layers, core)(claim, {});
};

/** A call that no guard refuses. Its function has not run yet. */
interface Admitted extends CallClaim {
  readonly principal: Principal;
  readonly constraints: Rights["constraints"];
  readonly approval: Rights["approval"];
  /** The names of the arguments that the caller's key fixes. They are among `args`. */
  readonly fixed: readonly string[];
  readonly idempotency: IdempotencyRecord | undefined;
}

/**
 * Runs the part of a call that belongs in the admission. Queries and lists run later, in a Convex call of their own, unless somebody must
 * approve them first.
 */
const run = async (tx: GateTx, admitted: Admitted, app: Toolgate): Promise<Outcome | undefined> => {
  const { tool, call, principal } = admitted;
  const { answers = "{}", state } = call.input ?? {};
  if (state?.jobId !== undefined)
    return rejoin(tx, app.dir, principal, state.jobId, JSON.parse(answers) as Answers);
  if (tool === undefined) return undefined;
  const invocation = { ...admitted, tool };
  const mayWait = tool.approval !== undefined || admitted.approval !== undefined;
  const held = mayWait ? await hold(tx, invocation, app) : undefined;
  return held ?? (tool.kind === "query" ? undefined : execute(tx, invocation, app));
};

/**
 * The audit outcome of a call. A call that joins a job is `replayed`: it is over, while the job has its own audit rows.
 *
 * @param ran - how long the call ran, in milliseconds. It is kept for a mutation that ran in it.
 */
const auditOutcome = ({ tool, call }: Admitted, outcome: Outcome | undefined, ran: number) => {
  const original = originalOf(outcome);
  if (outcome?.state === "started") {
    const begun = outcome.awaits === undefined ? "started" : "held";
    return { outcome: outcome.isNew ? begun : "replayed", original, job: outcome.jobId } as const;
  }
  const isOwn = tool?.kind === "mutation" && call.failure === undefined;
  return {
    outcome: outcome?.state ?? "answered",
    reason: outcome?.state === "failed" ? outcome.code : undefined,
    ms: isOwn && outcome?.state !== "replayed" ? Math.round(ran) : undefined,
    original,
  } as const;
};

/** The call as its function takes it: from here on, what the key fixes is an argument like any other. */
const completedClaim = (claim: CallClaim, rights: Rights | undefined) => {
  const { call, args } = claim;
  const fixed = rights?.fixed && fixedOn(rights, call.target);
  return {
    ...claim,
    ...{ call: completed(call, rights), constraints: rights?.constraints },
    approval: rights?.approval,
    ...{
      args: fixed === undefined ? args : { ...args, ...fixed },
      fixed: Object.keys(fixed ?? {}),
    },
  };
};

/** Runs the call and writes its audit row. If it starts a job, the job starts in the same transaction. */
const carryOut = async (
  tx: GateTx,
  admitted: Admitted,
  app: Toolgate,
): Promise<Outcome | undefined> => {
  const { call, args, principal } = admitted;
  const { operation } = principal;
  // `Date` stands still in a mutation, this clock does not.
  const begun = performance.now();
  const outcome = await run(tx, admitted, app);
  const ended = auditOutcome(admitted, outcome, performance.now() - begun);
  await record(tx, { operation, call, args, principal, ...ended });
  const { tool } = admitted;
  // The row of a call that waits is written by then.
  if (tool && outcome?.state === "started" && outcome.isNew && outcome.awaits === undefined)
    await startJob(tx, app.dir, { ...jobOf({ ...admitted, tool }), jobId: outcome.jobId });
  return outcome;
};

const recordRefusal = async (
  tx: GateTx,
  operation: string,
  { call, args }: CallClaim,
  refusal: Refusal,
  principal: Identity | undefined,
): Promise<void> => {
  const keyId = refusal.kind === "invalid_key" ? refusal.keyId : undefined;
  const reason = reasonOf(refusal);
  await record(tx, { operation, call, args, principal, keyId, outcome: "denied", reason });
};

/** The arguments of the `admit` mutation. It is a type because Convex accepts no interface for arguments. */
type Admit = { readonly evidence: object; readonly call: Call };

/**
 * The definition of the `admit` mutation.
 *
 * @param chain - the middleware given to `compose`, in the same order. It must add a `principal`.
 * @returns the Convex definition. The mutation throws in three cases only: on a fault of a mutation tool (see data/undone.ts), on a
 * fault of the server, or when write conflicts outlast Convex's retries. In all of them nothing is written.
 */
export const admission = <const Links extends readonly Link[]>(
  app: Toolgate,
  chain: Links & Chain<Links>,
) => ({
  get args() {
    return { evidence: v.any(), call: callValidator() };
  },
  handler: async (tx: GateTx, { evidence, call }: Admit): Promise<Admission<ContextOf<Links>>> => {
    const args = JSON.parse(call.arguments ?? "{}") as CallClaim["args"];
    const { target } = call;
    const tool = target?.kind === "tool" ? findTool(app.tools, target.name) : undefined;
    const named = tool ?? (target && findTarget(app, target));
    const claim: CallClaim = { call, args, named, tool };
    const verdict = await decide(app, chain, tx, { ...evidence, ...claim });
    const { refusal, unrecorded, refund } = verdict;
    const { principal: proven, rights } = verdict.context as {
      principal?: Identity;
      rights?: Rights;
    };
    const identity = proven && identityOf(proven);
    // Nobody behind the gate gets a principal with more in it.
    const context = Object.assign(verdict.context, identity && { principal: identity });
    const operation = crypto.randomUUID();
    if (refusal !== undefined) {
      if (unrecorded !== true) await recordRefusal(tx, operation, claim, refusal, identity);
      return { operation, context: context as Partial<ContextOf<Links>>, refusal };
    }
    if (identity === undefined) throw new Error("The gate let a call in without a principal");
    // This is several times as fast as a literal that begins with a spread.
    const principal = Object.assign({}, identity, { operation });
    const { idempotencyKey: key } = call;
    const whole = completedClaim(claim, rights);
    const idempotency =
      key === undefined ? undefined : await idempotencyRecordOf(call, key, whole.args, principal);
    const admitted = { ...whole, principal, idempotency };
    const outcome = await carryOut(tx, admitted, app);
    if (outcome?.state === "failed" && outcome.code === "invalid_arguments") await refund?.();
    return { operation, context: context as ContextOf<Links>, outcome };
  },
});
