/** What a caller may do at this moment, for what goes on after its call was let in. */
import type { Target } from "../data/call";
import type { Doc, GateReader } from "../data/database";
import type { Principal } from "../data/principal";
import type { Entry } from "../registry/registry";

/** What the caller's role allows now, narrowed by the caller's key as it is now. */
export const rightsOf = async (
  db: GateReader,
  { role }: Principal,
  key: Doc<"toolgateKeys"> | null,
): Promise<Rights> => ({ permissions: await permissionsOf(db, role), tools: key?.tools });

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
export const authorize = (rights: Rights, { kind, name }: Target, named: Entry): boolean =>
  rights.permissions.includes(named.permission) &&
  (rights.tools === undefined || (kind === "tool" && rights.tools.includes(name)));

/** What a role permits now; nothing if there is no such role. */
export const permissionsOf = async (db: GateReader, role: string): Promise<readonly string[]> => {
  const found = await db
    .query("toolgateRoles")
    .withIndex("by_name", (q) => q.eq("name", role))
    .unique();
  return found?.permissions ?? [];
};
