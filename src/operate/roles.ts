/** Roles: explicit sets of permissions. The database holds them, so that they change without a deploy. */
import { v, type Infer } from "convex/values";
import { recordChange } from "../data/audit";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
  type GateTx,
} from "../data/database";
import { refuse } from "../base/refuse";
import type { Toolgate } from "../registry/toolgate";
import { requirePatterns } from "./underApproval";

type Roles = Pick<Toolgate, "permissions" | "roles">;

export const roleValidator = v.object({
  name: v.string(),
  permissions: v.array(v.string()),
  /** Names of tools, or beginnings of names with a `*`, whose calls somebody must approve. */
  approval: v.optional(v.array(v.string())),
});

export type Role = Infer<typeof roleValidator>;

/** The most roles that a list shows. */
const MAX_ROLES = 200;

const findRole = (db: GateReader, name: string) =>
  db
    .query("toolgateRoles")
    .withIndex("by_name", (q) => q.eq("name", name))
    .unique();

const defaultsOf = ({ roles }: Roles): Role[] =>
  Object.entries(roles()).map(([name, permissions]) => ({
    name,
    permissions: [...permissions],
  }));

/** Returns the roles, sorted by name; the app's default roles while the database has none. */
export const readRoles = async (db: GateReader, app: Roles): Promise<Role[]> => {
  const rows = await db.query("toolgateRoles").withIndex("by_name").take(MAX_ROLES);
  return rows.length > 0
    ? rows.map(({ name, permissions, approval }) => ({
        ...{ name, permissions },
        ...(approval && { approval }),
      }))
    : defaultsOf(app);
};

/** Writes the app's default roles if the database has no role. */
const ensureRoles = async (tx: GateTx, app: Roles): Promise<void> => {
  if ((await tx.db.query("toolgateRoles").first()) !== null) return;
  for (const role of defaultsOf(app)) await tx.db.insert("toolgateRoles", role);
};

/**
 * Checks that a role exists. A new deployment gets its default roles here.
 *
 * @throws ConvexError `invalid_arguments` that lists the existing roles.
 */
export const requireRole = async (tx: GateTx, app: Roles, name: string): Promise<void> => {
  await ensureRoles(tx, app);
  if ((await findRole(tx.db, name)) !== null) return;
  const names = (await readRoles(tx.db, app)).map((role) => role.name);
  refuse(
    "invalid_arguments",
    `role: expected one of ${names.join(", ")}, got ${JSON.stringify(name)}`,
  );
};

/** The definition of `listRoles`: at most 200 roles; the app's default roles while the database has none. */
export const listRoles = (app: Roles) => ({
  args: {},
  returns: v.array(roleValidator),
  handler: <Model extends GateDataModel>(ctx: GateQueryCtx<Model>): Promise<Role[]> =>
    readRoles(gateReader(ctx), app),
});

const change = v.object({
  name: v.string(),
  /** The whole new set, instead of `add` and `remove`. */
  permissions: v.optional(v.array(v.string())),
  add: v.optional(v.array(v.string())),
  remove: v.optional(v.array(v.string())),
  /** Names of tools, or beginnings of names with a `*`, in place of those that it had: somebody must approve their calls. null: none. */
  approval: v.optional(v.union(v.array(v.string()), v.null())),
});

const requireChange = (
  app: Roles & Pick<Toolgate, "tools">,
  { name, permissions, add, remove, approval }: Infer<typeof change>,
  held: readonly string[] = [],
) => {
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
    refuse("invalid_arguments", "name: 1 to 40 of a-z, 0-9, _ and -, starting with a letter");
  }
  const isPart = add !== undefined || remove !== undefined;
  if (permissions === undefined ? !isPart && approval === undefined : isPart) {
    refuse(
      "invalid_arguments",
      "Give either permissions, the whole set, or add and remove; or approval.",
    );
  }
  if (approval) requirePatterns(approval, app.tools);
  const isKnown = (permission: string) => app.permissions.includes(permission);
  const unknown =
    [...(permissions ?? []), ...(add ?? [])].find((permission) => !isKnown(permission)) ??
    // A permission that the app has dropped can still be removed from a role that holds it.
    remove?.find((permission) => !isKnown(permission) && !held.includes(permission));
  if (unknown !== undefined) {
    const known = app.permissions.join(", ");
    refuse("invalid_arguments", `No permission ${JSON.stringify(unknown)}. There are: ${known}`);
  }
};

/**
 * The definition of `setRole`, which creates or changes a role and returns it. Absent fields stay. The change counts for all calls that begin after it
 * commits, also those of existing keys.
 *
 * It throws ConvexError `invalid_arguments` for a permission that does not exist, a malformed name, `permissions` together with `add`
 * or `remove`, and what `requirePatterns` refuses.
 */
export const setRole = (app: Roles & Pick<Toolgate, "tools">) => ({
  args: change.fields,
  returns: roleValidator,
  handler: async (tx: GateTx, args: Infer<typeof change>): Promise<Role> => {
    await ensureRoles(tx, app);
    const { name, permissions, add = [], remove = [], approval } = args;
    const found = await findRole(tx.db, name);
    requireChange(app, args, found?.permissions);
    // A word that was mistyped must not look as if a role were bound.
    if (found === null && approval !== undefined) await requireRole(tx, app, name);
    const kept = permissions ?? found?.permissions ?? [];
    const next = [...new Set([...kept, ...add])]
      .filter((permission) => !remove.includes(permission))
      .sort();
    const under = (approval === undefined ? found?.approval : approval) ?? [];
    const role = {
      ...{ name, permissions: next },
      ...(under.length > 0 && { approval: [...new Set(under)].sort() }),
    };
    if (found === null) await tx.db.insert("toolgateRoles", role);
    else await tx.db.replace("toolgateRoles", found._id, role);
    await recordChange(tx, { method: "roles/set", role: name, args });
    return role;
  },
});
