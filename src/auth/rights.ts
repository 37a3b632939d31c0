/** The rights of a caller at this moment. Work that goes on after the admission checks them again. */
import type { Constraints } from "./constraints";
import { fixedOn, withFixed, type Fixed } from "./fixed";
import type { Call, Target } from "../data/call";
import type { GateReader } from "../data/database";
import type { Identity } from "../data/principal";
import type { Entry } from "../registry/registry";
import { restrictionsOf, type Standing } from "./grant";

/** Reads what the caller's role allows now, narrowed by the caller's key and connection. */
export const rightsOf = async (
  db: GateReader,
  { role }: Identity,
  standing: Standing,
): Promise<Rights> => {
  const { tools, unattended, readOnly, fixed, approval } = restrictionsOf(standing);
  return { ...(await roleOf(db, role, approval)), tools, unattended, readOnly, fixed };
};

/** The rights of a caller as plain data. */
export interface Rights {
  readonly permissions: readonly string[];
  /** If set, the caller may call only these tools, and may use no resource or prompt. */
  readonly tools?: readonly string[] | undefined;
  /** The key's constraints on the tool that is called. `rbac` has checked them for what was sent. */
  readonly constraints?: Constraints | undefined;
  /** The arguments that the server fills in for this caller, of all tools. */
  readonly fixed?: Fixed | undefined;
  /** True if the caller has no user who could be asked. */
  readonly unattended?: boolean | undefined;
  /** True if the caller may not use a tool that writes. */
  readonly readOnly?: true | undefined;
  /** Names of tools, or beginnings of names with a `*`, whose calls by this caller somebody must approve. */
  readonly approval?: readonly string[] | undefined;
}

/**
 * Whether the role holds the entry's permission, and the key and the connection allow the entry. A key or connection that names tools
 * allows only these, and no resource or prompt. One that is read only allows no tool but queries. The key's constraints are not checked
 * here.
 */
export const authorize = (rights: Rights, { kind, name }: Target, named: Entry): boolean =>
  rights.permissions.includes(named.permission) &&
  (rights.tools === undefined || (kind === "tool" && rights.tools.includes(name))) &&
  (rights.readOnly !== true || kind !== "tool" || named.kind === "query");

/**
 * Reads what a role allows now; no permissions if there is no such role.
 *
 * @param ofKey - what the caller's key puts under approval, beside the role.
 */
export const roleOf = async (
  db: GateReader,
  role: string,
  ofKey: readonly string[] = [],
): Promise<Pick<Rights, "permissions" | "approval">> => {
  const found = await db
    .query("toolgateRoles")
    .withIndex("by_name", (q) => q.eq("name", role))
    .unique();
  const approval = [...(found?.approval ?? []), ...ofKey];
  return {
    permissions: found?.permissions ?? [],
    approval: approval.length === 0 ? undefined : approval,
  };
};

/**
 * Returns the call as its function takes it: with the arguments that are fixed, and with whoever can be asked. Of a caller without a
 * user, nothing can be, whatever its client says it can answer.
 */
export const completed = (call: Call, rights: Rights | undefined): Call => {
  const whole = rights?.fixed ? withFixed(call, fixedOn(rights, call.target)) : call;
  return rights?.unattended === true && whole.input !== undefined
    ? { ...whole, input: { ...whole.input, can: [] } }
    : whole;
};
