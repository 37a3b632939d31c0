/**
 * Decides what an authenticated caller may do: the permissions of its role, narrowed by its key.
 *
 * `authorize` is the one rule, used for calls here and for lists by the dispatcher. A forbidden tool is answered exactly like
 * one that does not exist.
 *
 * @see NIST RBAC (INCITS 359-2012), core; OWASP ASVS 5.0, 8.2.1 to 8.3.2
 */
import type { Infer } from "convex/values";
import type { Denial } from "../admission";
import type { CallClaim, Guard } from "../compose";
import { quoted } from "../cut";
import type { GateReader } from "../dataModel";
import { ErrorCode } from "../jsonrpc";
import type { Principal } from "../principal";
import type { constraintValidator } from "../validators";
import type { Named, Target } from "../surface";
import type { Restrictions } from "./apiKeyAuth";

/** What a caller may do, as plain data. */
export interface Rights {
  readonly permissions: readonly string[];
  /** If set, only these tools. */
  readonly tools?: readonly string[] | undefined;
}

/**
 * True if the role holds the permission and the key does not leave it out: one that names tools is good for these alone, and
 * for no resource or prompt.
 */
export const authorize = (rights: Rights, { kind, name }: Target, named: Named): boolean =>
  rights.permissions.includes(named.permission) &&
  (rights.tools === undefined || (kind === "tool" && rights.tools.includes(name)));

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

type Constraint = Infer<ReturnType<typeof constraintValidator>>;

/** All values at a path such as `lines.*.quantity`; `*` stands for every element. Absent is undefined. */
const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (step === "*")
    return Array.isArray(value) && value.length > 0
      ? value.flatMap((item) => valuesAt(item, rest))
      : [undefined];
  const isMember = typeof value === "object" && value !== null && Object.hasOwn(value, step);
  return isMember ? valuesAt((value as Record<string, unknown>)[step], rest) : [undefined];
};

const satisfies = (value: unknown, { min, max, oneOf }: Constraint): boolean => {
  if (oneOf !== undefined && !oneOf.some((allowed) => allowed === value)) return false;
  if (min === undefined && max === undefined) return oneOf !== undefined;
  return typeof value === "number" && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
};

const describe = ({ min, max, oneOf }: Constraint): string =>
  [
    min === undefined ? [] : `at least ${String(min)}`,
    max === undefined ? [] : `at most ${String(max)}`,
    oneOf === undefined ? [] : `one of ${JSON.stringify(oneOf)}`,
  ]
    .flat()
    .join(" and ");

/** A sentence for every argument that breaks a constraint of the key. An absent argument does. */
const breaches = (
  args: CallClaim["args"],
  constraints: Record<string, Constraint> = {},
): string[] =>
  Object.entries(constraints)
    .filter(
      ([path, constraint]) =>
        !valuesAt(args, path.split(".")).every((value) => satisfies(value, constraint)),
    )
    .map(([path, constraint]) => `${path}: this API key allows only ${describe(constraint)}`);

/** What a role permits now; nothing if there is no such role. */
export const permissionsOf = async (db: GateReader, role: string): Promise<readonly string[]> => {
  const found = await db
    .query("mcpRoles")
    .withIndex("by_name", (q) => q.eq("name", role))
    .unique();
  return found?.permissions ?? [];
};

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
