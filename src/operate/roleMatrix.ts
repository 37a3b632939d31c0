/** The roles and the tools side by side, and how many keys have each role: what a change of a role would open, and to whom. */
import { v, type Infer } from "convex/values";
import { whyUnusable } from "../auth/credential";
import {
  gateReader,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { entriesOf } from "../registry/entries";
import { titleOf } from "../registry/titles";
import type { Toolgate } from "../registry/toolgate";
import { toolKindValidator } from "./seenTools";
import { readRoles, roleValidator } from "./roles";

/** The most keys that are counted for a role. More count as so many. */
const MAX_KEYS = 100;

const matrixValidator = v.object({
  /** All permissions of the app. */
  permissions: v.array(v.string()),
  roles: v.array(
    v.object({
      ...roleValidator.fields,
      /** How many keys have the role and work. 100 stands for 100 or more. */
      keys: v.number(),
    }),
  ),
  tools: v.array(
    v.object({
      name: v.string(),
      title: v.string(),
      permission: v.string(),
      kind: toolKindValidator,
    }),
  ),
});

/** Roles and tools. */
export type RoleMatrix = Infer<typeof matrixValidator>;

/** Keys whose grace after a rotation is over are read, but do not count. */
const countKeys = async (db: GateReader, role: string): Promise<number> => {
  const now = Date.now();
  const keys = await db
    .query("toolgateKeys")
    .withIndex("by_role_revokedAt_expiresAt", (q) =>
      q.eq("role", role).eq("revokedAt", undefined).gt("expiresAt", now),
    )
    .take(MAX_KEYS);
  return keys.filter((key) => whyUnusable(key, now) === undefined).length;
};

/** The definition of `roleMatrix`: at most 200 roles, and all tools in the order of the registry. */
export const roleMatrix = (app: Toolgate) => ({
  args: {},
  returns: matrixValidator,
  handler: async <Model extends GateDataModel>(ctx: GateQueryCtx<Model>): Promise<RoleMatrix> => {
    const db = gateReader(ctx);
    const counted = (await readRoles(db, app)).map(async (role) => ({
      ...role,
      keys: await countKeys(db, role.name),
    }));
    const tools = entriesOf(app.tools).map(([name, { title, permission, kind }]) => ({
      ...{ name, title: titleOf(name, title), permission, kind },
    }));
    return { permissions: [...app.permissions], roles: await Promise.all(counted), tools };
  },
});
