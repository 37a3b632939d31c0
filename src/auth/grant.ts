/** Grants: the connections of agents that came in by OAuth. A grant is a child of a key and can do no more than the key. */
import type { Doc, GateReader } from "../data/database";
import type { Identity } from "../data/principal";
import type { Client } from "../data/values";
import { findKey, whyUnusable, type Restrictions } from "./credential";
import { bothFixed } from "./fixed";

type Key = Doc<"toolgateKeys">;
export type Grant = Doc<"toolgateGrants">;

/** The client as people read it: `Claude (claude.ai)`. */
export const clientText = ({ name, host }: Client): string =>
  host === undefined ? name : `${name} (${host})`;

/** Finds a grant by its public id; null if there is none. Whether it may be used is not checked. */
export const findGrant = (db: GateReader, grantId: string): Promise<Grant | null> =>
  db
    .query("toolgateGrants")
    .withIndex("by_grantId", (q) => q.eq("grantId", grantId))
    .unique();

/** Whether a grant may be used, as far as itself goes. Its key is not looked at. `now` is in milliseconds since 1970. */
export const whyGrantUnusable = (
  { revokedAt, expiresAt }: Grant,
  now: number,
): "revoked" | "expired" | undefined => {
  if (revokedAt !== undefined) return "revoked";
  return expiresAt <= now ? "expired" : undefined;
};

/** What a caller's rights hang on, as it is now: its key, and its grant if it came by one. A missing row is null. */
export interface Standing {
  readonly key: Key | null;
  readonly grant?: Grant | null;
}

/** Reads a caller's standing. A grant names its key: when a key is rotated, its grants move to the next one. */
export const standingOf = async (
  db: GateReader,
  { keyId, grantId }: Pick<Identity, "keyId" | "grantId">,
): Promise<Standing> => {
  if (grantId === undefined) return { key: await findKey(db, keyId) };
  const grant = await findGrant(db, grantId);
  return { key: grant && (await findKey(db, grant.keyId)), grant };
};

/**
 * Whether an open request may go on. False once its key or its grant was revoked, has expired or is gone, and once the key was rotated
 * and its grace is over.
 */
export const isStanding = ({ key, grant }: Standing): boolean => {
  const now = Date.now();
  if (grant === null || (grant && whyGrantUnusable(grant, now) !== undefined)) return false;
  return key !== null && whyUnusable(key, now) === undefined;
};

const both = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
  a && b ? a.filter((name) => b.includes(name)) : (a ?? b);

/** How a key narrows its role, and a grant its key. */
export const restrictionsOf = ({ key, grant }: Standing): Restrictions => ({
  tools: both(key?.tools, grant?.tools),
  constraints: key?.constraints,
  fixed: grant?.fixed === undefined ? key?.fixed : bothFixed(key?.fixed, grant.fixed),
  unattended: key?.unattended,
  approval: key?.approval,
  readOnly: grant?.access === "read" || key?.readOnly === true ? true : undefined,
});
