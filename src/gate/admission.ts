/**
 * The database half of the gate: one mutation that decides, runs the tool if it is a mutation, and writes the audit row.
 * All of it commits together or not at all, so a call that was answered is a call that was recorded.
 */
import { v } from "convex/values";
import type { Answers } from "../asking/answers";
import { BAD_STATE, boundTo } from "../asking/requestState";
import { record } from "../data/audit";
import { callValidator, type Call, type Fault } from "../data/call";
import type { GateTx, IdempotencyRecord } from "../data/database";
import type { Outcome } from "../data/outcome";
import type { Principal } from "../data/principal";
import { rejoin } from "../jobs/answer";
import { startJob, type JobStart } from "../jobs/start";
import type { Gate, GrantOf } from "../middleware/compose";
import { isGuard, type CallClaim, type Denial, type Link, type Verdict } from "../middleware/guard";
import { onion, type Layer } from "../middleware/onion";
import { find } from "../registry/entries";
import { findTarget, type Registry } from "../registry/registry";
import type { Explains } from "../run/explain";
import { execute } from "./execute";
import { idempotencyRecordOf } from "./idempotency";

/** What `admit` answers. */
export type Admission<Granted> = { readonly denial: Denial } | Leave<Granted>;

/** A call was let in. */
export interface Leave<Granted> {
  readonly granted: Granted;
  /** How the tool ended, or which job an action runs as; absent if there was nothing to run in the admission. */
  readonly outcome?: Outcome;
}

/** What the database half must know of the app. */
export interface Settings {
  readonly surface: Registry;
  /** Pass `internal`: the app has the modules catalog, worker and jobs. */
  readonly functions: Explains & JobStart;
}

/** Whether the client came back, if it did, to the call that asked. */
const isOwnState = async (call: Call, principal: Principal | undefined): Promise<boolean> => {
  const { state } = call.input ?? {};
  if (state === undefined) return true;
  return principal !== undefined && state.boundTo === (await boundTo(principal, call));
};

/** A state of this server, but of another call. */
const FOREIGN_STATE: Fault = { ...BAD_STATE, reason: "foreign_state" };

/** What stands against a call that all guards let in. Told from inside of them, so that none holds anything for it. */
const refusalOf = async (call: Call, principal?: Principal): Promise<Denial | undefined> => {
  const fault = call.fault ?? ((await isOwnState(call, principal)) ? undefined : FOREIGN_STATE);
  return fault && { ...fault, withId: true };
};

/** Runs the database halves as an onion, so that a guard further out sees the verdict of those further in. */
const decide = (gate: readonly Link[], tx: GateTx, claim: CallClaim): Promise<Verdict> => {
  const granted = (context: object) =>
    Object.fromEntries(Object.entries(context).filter(([name]) => !(name in claim)));
  const layers = gate.filter(isGuard).map((guard): Layer<Verdict> => async (soFar, next) => {
    const verdict = await guard.decide(tx, soFar, next as never);
    return { context: granted(soFar), ...verdict };
  });
  return onion(layers, async (context): Promise<Verdict> => {
    const denial = await refusalOf(claim.call, (context as { principal?: Principal }).principal);
    return { context: granted(context), ...(denial === undefined ? {} : { denial }) };
  })(claim);
};

/** A mutation runs here; queries and lists follow in a call of their own. */
const run = async (
  tx: GateTx,
  claim: CallClaim & { readonly idempotency: IdempotencyRecord | undefined },
  principal: Principal,
  { functions }: Settings,
): Promise<Outcome | undefined> => {
  const { tool, call } = claim;
  const { answers = "{}", state } = call.input ?? {};
  if (state?.jobId !== undefined)
    return rejoin(tx, functions, principal, state.jobId, JSON.parse(answers) as Answers);
  return tool === undefined || tool.kind === "query"
    ? undefined
    : execute(tx, { ...claim, tool, principal }, functions);
};

/** The arguments of the `admit` mutation. A type, since Convex takes no interface for arguments. */
type Admit = { readonly evidence: object; readonly call: Call };

/**
 * The definition of the `admit` mutation: `internalMutation(admission(gate, { surface, functions: internal }))`.
 *
 * @param gate - the middleware given to `compose`, in the same order. Its last word must include a `principal`.
 * @returns the Convex definition. The mutation throws only on a fault of the server or when write conflicts outlast
 * Convex's retries; nothing is written then.
 */
export const admission = <const Links extends readonly Link[]>(
  gate: Links & Gate<Links>,
  settings: Settings,
) => ({
  get args() {
    return { evidence: v.any(), call: callValidator() };
  },
  handler: async (tx: GateTx, { evidence, call }: Admit): Promise<Admission<GrantOf<Links>>> => {
    const args = JSON.parse(call.arguments ?? "{}") as CallClaim["args"];
    const { target } = call;
    const claim = {
      call,
      args,
      named: target && findTarget(settings.surface, target),
      tool: target?.kind === "tool" ? find(settings.surface.tools, target.name) : undefined,
    };
    const { context, denial } = await decide(gate, tx, { ...evidence, ...claim });
    const { principal } = context as { principal?: Principal };
    if (denial !== undefined) {
      const { keyId, reason, unrecorded } = denial;
      if (unrecorded !== true)
        await record(tx, { call, args, principal, keyId, outcome: "denied", reason });
      return { denial };
    }
    if (principal === undefined) throw new Error("The gate let a call in without a principal");
    const idempotency = await idempotencyRecordOf(call, args, principal);
    const outcome = await run(tx, { ...claim, idempotency }, principal, settings);
    const operation = await record(tx, { call, args, principal, ...auditOutcome(outcome) });
    if (outcome?.state === "started" && outcome.isNew) {
      await startJob(tx, settings.functions, {
        ...jobOf(call, principal, idempotency),
        jobId: outcome.jobId,
        operation,
      });
    }
    return {
      granted: context as GrantOf<Links>,
      ...(outcome === undefined ? {} : { outcome }),
    };
  },
});

const jobOf = (
  { target, arguments: args = "{}", session, requestId, input }: Call,
  principal: Principal,
  idempotency: IdempotencyRecord | undefined,
) => ({
  tool: target?.name ?? "",
  arguments: args,
  ...principal,
  ...(session === undefined ? {} : { session }),
  ...(requestId === undefined ? {} : { requestId }),
  ...(idempotency === undefined ? {} : { idempotency }),
  ...(input === undefined ? {} : { input: { can: input.can, answers: input.answers } }),
});

/** A call that comes back for a job that runs is told of it, and is over itself. */
const auditOutcome = (outcome: Outcome | undefined) => {
  if (outcome?.state === "started")
    return { outcome: outcome.isNew ? "started" : "replayed" } as const;
  return {
    outcome: outcome?.state ?? "answered",
    reason: outcome?.state === "failed" ? outcome.code : undefined,
  } as const;
};
