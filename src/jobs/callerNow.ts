/** The caller of a call that runs later than it was made, by the rights that the caller has now. */
import { breaches, type Constraints } from "../auth/constraints";
import { constraintsOn, findKey, whyUnusable } from "../auth/credential";
import { fixedOn } from "../auth/fixed";
import { restrictionsOf, standingOf, whyGrantUnusable, type Standing } from "../auth/grant";
import { mayAct, type Asking } from "../auth/mayAct";
import { authorize, rightsOf } from "../auth/rights";
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import type { Failure } from "../data/call";
import type { Doc, GateReader } from "../data/database";
import type { Principal } from "../data/principal";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";

type Job = Doc<"toolgateJobs">;
type Key = Doc<"toolgateKeys">;

/** Who the call runs for, and what that key allows. */
export interface CallerNow {
  readonly principal: Principal;
  /** On the arguments of the tool. The call keeps to them. */
  readonly constraints: Constraints | undefined;
  /** What the key and the role put under approval. */
  readonly approval: readonly string[] | undefined;
}

/** @param message - for the operator; the caller reads less. */
const no = (message: string): Failure => ({ code: "no_longer_allowed", message });

/** The most rotations of a key that are followed. */
const MOST_ROTATIONS = 20;

/** The key that took over from one that was rotated, or the key itself. One that was revoked on the way ends the calls of all. */
const lastOf = async (db: GateReader, first: Key | null): Promise<Key | Failure> => {
  let key = first;
  for (let turn = 0; turn < MOST_ROTATIONS && key !== null; turn++) {
    if (key.revokedAt !== undefined) return no("The key of this call was revoked.");
    if (key.replacedBy === undefined) return key;
    key = await findKey(db, key.replacedBy);
  }
  return no("The key of this call is gone.");
};

/** What the caller's rights hang on now, after any rotation. */
const standingNow = async (
  db: GateReader,
  job: Job,
): Promise<(Standing & { readonly key: Key }) | Failure> => {
  const { key: first, grant } = await standingOf(db, job);
  const key = await lastOf(db, first);
  if ("code" in key) return key;
  const now = Date.now();
  const why = whyUnusable(key, now);
  if (why !== undefined) return no(`The key of this call is ${why}.`);
  if (grant === null) return no("The connection of this call is gone.");
  const ended = grant && whyGrantUnusable(grant, now);
  const standing = { key, ...(grant && { grant }) };
  return ended === undefined ? standing : no(`The connection of this call is ${ended}.`);
};

/** What the key and the connection have against the arguments. */
const objection = async (standing: Standing, { tool, arguments: text = "{}" }: Job) => {
  const args = JSON.parse(text) as Record<string, unknown>;
  const restrictions = restrictionsOf(standing);
  const constraints = constraintsOn(restrictions, tool);
  const broken = breaches(args, constraints ?? {});
  const fixed = fixedOn(restrictions, { kind: "tool", name: tool });
  const isOverruled = (await digest(args)) !== (await digest({ ...args, ...fixed }));
  return { constraints, broken: isOverruled ? ["The key fixes other arguments now."] : broken };
};

/**
 * Finds the caller of a job, and checks that this caller may make the call now: key and connection, or those that took over; the person;
 * the role; the tools, the constraints and the fixed arguments of the key.
 *
 * @returns the caller, or why the call may not run. The caller of the call must not read that.
 */
export const callerNow = async (
  tx: Asking & { readonly db: GateReader },
  app: Pick<Toolgate, "subjects" | "tenants">,
  job: Job,
  tool: Tool,
): Promise<CallerNow | Failure> => {
  const standing = await standingNow(tx.db, job);
  if ("code" in standing) return standing;
  const { subject, tenant, keyId, grantId, operation } = job;
  const { role } = standing.key;
  const principal = { subject, tenant, role, keyId, operation, ...defined({ grantId }) };
  if (!(await mayAct(tx, app, principal))) return no("The person of this call may not act.");
  const rights = await rightsOf(tx.db, principal, standing);
  if (!authorize(rights, { kind: "tool", name: job.tool }, tool))
    return no("The role or the key of this call no longer allows the tool.");
  const { constraints, broken } = await objection(standing, job);
  if (broken.length > 0) return no(broken.join("\n"));
  return { principal, constraints, approval: rights.approval };
};

/** What the caller reads in place of the reason why a call may not run. */
export const NO_LONGER: Failure = {
  code: "no_longer_allowed",
  message: "The rights of this key changed while the call waited. Nothing was done.",
};
