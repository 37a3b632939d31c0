/** Roles: explicit sets of permissions, kept in the database so that they change without a deploy. */
import { v, type Infer } from "convex/values";
import { recordOperation } from "../data/audit";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
  type GateTx,
} from "../data/database";
import { refuse } from "../base/refuse";

export interface RoleSettings {
  /** Every permission there is. */
  readonly permissions: readonly string[];
  /** Role → permissions, written when the first key is created or the first role set. */
  readonly defaultRoles: Readonly<Record<string, readonly string[]>>;
}

const roleValidator = v.object({ name: v.string(), permissions: v.array(v.string()) });

export type Role = Infer<typeof roleValidator>;

/** More roles than anybody can review. */
const MAX_ROLES = 200;

const findRole = (db: GateReader, name: string) =>
  db
    .query("toolgateRoles")
    .withIndex("by_name", (q) => q.eq("name", name))
    .unique();

const defaultsOf = ({ defaultRoles }: RoleSettings): Role[] =>
  Object.entries(defaultRoles).map(([name, permissions]) => ({
    name,
    permissions: [...permissions],
  }));

/** The roles by name; those of a new deployment while none has been written. */
const readRoles = async (db: GateReader, settings: RoleSettings): Promise<Role[]> => {
  const rows = await db.query("toolgateRoles").withIndex("by_name").take(MAX_ROLES);
  return rows.length > 0
    ? rows.map(({ name, permissions }) => ({ name, permissions }))
    : defaultsOf(settings);
};

/** Writes the default roles if there are none. */
const ensureRoles = async (tx: GateTx, settings: RoleSettings): Promise<void> => {
  if ((await tx.db.query("toolgateRoles").first()) !== null) return;
  for (const role of defaultsOf(settings)) await tx.db.insert("toolgateRoles", role);
};

/**
 * Makes sure that a role can be given to a key; a new deployment gets its default roles here.
 *
 * @throws ConvexError `invalid_arguments` that names the roles there are.
 */
export const requireRole = async (
  tx: GateTx,
  settings: RoleSettings,
  name: string,
): Promise<void> => {
  await ensureRoles(tx, settings);
  if ((await findRole(tx.db, name)) !== null) return;
  const names = (await readRoles(tx.db, settings)).map((role) => role.name);
  refuse(
    "invalid_arguments",
    `role: expected one of ${names.join(", ")}, got ${JSON.stringify(name)}`,
  );
};

/** The definition of `roles:list`. */
export const listRoles = (settings: RoleSettings) => ({
  args: {},
  returns: v.array(roleValidator),
  handler: <Model extends GateDataModel>(ctx: GateQueryCtx<Model>): Promise<Role[]> =>
    readRoles(gateReader(ctx), settings),
});

const change = v.object({
  name: v.string(),
  /** The whole new set. */
  permissions: v.optional(v.array(v.string())),
  add: v.optional(v.array(v.string())),
  remove: v.optional(v.array(v.string())),
});

const requireChange = (
  settings: RoleSettings,
  { name, permissions, add, remove }: Infer<typeof change>,
  held: readonly string[],
) => {
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
    refuse("invalid_arguments", "name: 1 to 40 of a-z, 0-9, _ and -, starting with a letter");
  }
  if ((permissions === undefined) === (add === undefined && remove === undefined)) {
    refuse("invalid_arguments", "Give either permissions, the whole set, or add and remove.");
  }
  const isKnown = (permission: string) => settings.permissions.includes(permission);
  const unknown =
    [...(permissions ?? []), ...(add ?? [])].find((permission) => !isKnown(permission)) ??
    // One that the app has dropped since can still be taken from a role that holds it.
    remove?.find((permission) => !isKnown(permission) && !held.includes(permission));
  if (unknown !== undefined) {
    const known = settings.permissions.join(", ");
    refuse("invalid_arguments", `No permission ${JSON.stringify(unknown)}. There are: ${known}`);
  }
};

/**
 * The definition of `roles:set`: creates or changes a role. Calls that begin after it commits follow it, those of keys that
 * exist included. It throws ConvexError `invalid_arguments` for a permission that does not exist.
 */
export const setRole = (settings: RoleSettings) => ({
  args: change.fields,
  returns: roleValidator,
  handler: async (tx: GateTx, args: Infer<typeof change>): Promise<Role> => {
    await ensureRoles(tx, settings);
    const { name, permissions, add = [], remove = [] } = args;
    const found = await findRole(tx.db, name);
    requireChange(settings, args, found?.permissions ?? []);
    const kept = permissions ?? found?.permissions ?? [];
    const next = [...new Set([...kept, ...add])]
      .filter((permission) => !remove.includes(permission))
      .sort();
    if (found === null) await tx.db.insert("toolgateRoles", { name, permissions: next });
    else await tx.db.patch("toolgateRoles", found._id, { permissions: next });
    await recordOperation(tx, { method: "roles/set", role: name, args });
    return { name, permissions: next };
  },
});
