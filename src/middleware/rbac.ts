/**
 * Decides what an authenticated caller may do: the permissions of its role, narrowed by its key.
 *
 * `authorize` of auth/rights.ts is the one rule, used for calls here and for lists by the dispatcher. A forbidden tool is answered exactly like
 * one that does not exist.
 *
 * @see NIST RBAC (INCITS 359-2012), core; OWASP ASVS 5.0, 8.2.1 to 8.3.2
 */
import { breaches } from "../auth/constraints";
import type { Restrictions } from "../auth/credential";
import { authorize, permissionsOf, type Rights } from "../auth/rights";
import type { Target } from "../data/call";
import type { Principal } from "../data/principal";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Guard } from "./guard";

/** Reads the same whether what the call names exists or not. */
const unknown = (target: Target, reason: string): { refusal: Refusal } => ({
  refusal: { kind: "unknown", reason, target },
});

/** Adds `rights`. Refuses what the caller may not use, and arguments that its key does not allow. A missing role may do nothing. */
export const rbac = (): Guard<
  object,
  CallClaim & { principal: Principal; restrictions: Restrictions },
  { rights: Rights }
> => ({
  decide: async (tx, { call: { target }, named, args, principal, restrictions }, next) => {
    const rights: Rights = {
      permissions: await permissionsOf(tx.db, principal.role),
      tools: restrictions.tools,
    };
    if (target === undefined) return next({ rights });
    if (named === undefined) return unknown(target, `unknown_${target.kind}`);
    if (!authorize(rights, target, named)) return unknown(target, "forbidden");
    const constraints =
      target.kind === "tool" ? restrictions.constraints?.[target.name] : undefined;
    const verdict = await next({ rights });
    if (constraints === undefined || verdict.refusal !== undefined) return verdict;
    const problems = breaches(args, constraints);
    return problems.length === 0
      ? verdict
      : { ...verdict, refusal: { kind: "constraint", problems } };
  },
});
