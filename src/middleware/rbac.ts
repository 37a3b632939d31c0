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
import { quoted } from "../base/text";
import type { Target } from "../data/call";
import type { Principal } from "../data/principal";
import { ErrorCode } from "../wire/jsonrpc";
import type { CallClaim, Denial, Guard } from "./guard";

/** The reply to a name that is none for this caller: the same whether there is such a thing or not. */
const unknown = ({ kind, name }: Target, reason: string): { denial: Denial } => ({
  denial: {
    reason,
    status: 200,
    code: ErrorCode.InvalidParams,
    message: kind === "resource" ? "Resource not found" : `Unknown ${kind}: ${quoted(name, 64)}`,
    ...(kind === "resource" ? { missing: quoted(name, 1024) } : {}),
    withId: true,
  },
});

/** Grants `rights`. Denies what the caller may not use, and arguments its key does not allow. A missing role may do nothing. */
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
    const problems = breaches(args, constraints);
    return problems.length === 0 ? next({ rights }) : denyArguments(problems);
  },
});

const denyArguments = (problems: readonly string[]): { denial: Denial } => ({
  denial: {
    reason: "constraint",
    status: 200,
    code: ErrorCode.InvalidParams,
    message: problems.join("\n"),
    withId: true,
    toRetry: true,
  },
});
