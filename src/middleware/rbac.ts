/**
 * Decides which entries a caller may use: the permissions of its role, narrowed by its key.
 *
 * `authorize` of auth/rights.ts is the one rule. The guard uses it for calls, and the dispatcher for lists. A tool that the caller
 * may not use gets exactly the same answer as a tool that does not exist.
 *
 * @see NIST RBAC (INCITS 359-2012), core; OWASP ASVS 5.0, 8.2.1 to 8.3.2
 */
import { breaches, type Constraints } from "../auth/constraints";
import { constraintsOn, type Restrictions } from "../auth/credential";
import { fixedOn, intrusions } from "../auth/fixed";
import { authorize, roleOf, type Rights } from "../auth/rights";
import { defined } from "../base/defined";
import type { Target } from "../data/call";
import type { Identity } from "../data/principal";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Guard } from "./guard";

/** The refusal for an entry that does not exist and for one that the caller may not use. The client reads the same for both. */
const unknown = (target: Target, reason: string): { refusal: Refusal } => ({
  refusal: { kind: "unknown", reason, target },
});

/** What the key has against the arguments. Constraints hold for those that it fixes, too. */
const objectionTo = (
  args: CallClaim["args"],
  fixed: CallClaim["args"] = {},
  constraints: Constraints = {},
): Refusal | undefined => {
  const sent = intrusions(args, fixed);
  if (sent.length > 0) return { kind: "fixed", problems: sent };
  const problems = breaches({ ...args, ...fixed }, constraints);
  return problems.length > 0 ? { kind: "constraint", problems } : undefined;
};

/**
 * Adds `rights`. Refuses an entry that the caller may not use, and tool arguments that its key does not allow. A role that does not
 * exist has no permissions. Arguments are checked last, so a caller hears of them only for a call that nothing further in refuses.
 */
export const rbac = (): Guard<
  object,
  CallClaim & { principal: Identity; restrictions: Restrictions },
  { rights: Rights }
> => ({
  decide: async (tx, { call: { target }, named, args, principal, restrictions }, next) => {
    const { tools, unattended, readOnly, fixed, approval } = restrictions;
    const role = await roleOf(tx.db, principal.role, approval);
    const always = { ...role, tools, unattended, readOnly, fixed };
    if (target === undefined) return next({ rights: always });
    if (named === undefined) return unknown(target, `unknown_${target.kind}`);
    const constraints =
      target.kind === "tool" ? constraintsOn(restrictions, target.name) : undefined;
    const rights = { ...always, ...defined({ constraints }) };
    if (!authorize(rights, target, named)) return unknown(target, "forbidden");
    const verdict = await next({ rights });
    if (verdict.refusal !== undefined) return verdict;
    const own = fixed && fixedOn(restrictions, target);
    if (own === undefined && constraints === undefined) return verdict;
    const refusal = objectionTo(args, own, constraints);
    return refusal === undefined ? verdict : { ...verdict, refusal };
  },
});
