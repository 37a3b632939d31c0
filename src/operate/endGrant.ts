/** Ends connections, and finds those that live. */
import type { Grant } from "../auth/grant";
import type { GateReader, GateTx } from "../data/database";

/** How long a dead connection is kept, so that operators can look it up. */
export const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/** The most live connections of one key. */
export const MAX_LIVE = 50;

/** How many are read. An approval refuses one over `MAX_LIVE`, and there was never a version that allowed more than this. */
const MAX_READ = 1_000;

/** The connections of a key that are neither revoked nor expired. */
export const liveGrantsOf = (db: GateReader, keyId: string): Promise<Grant[]> =>
  db
    .query("toolgateGrants")
    .withIndex("by_keyId_revokedAt_expiresAt", (q) =>
      q.eq("keyId", keyId).eq("revokedAt", undefined).gt("expiresAt", Date.now()),
    )
    .take(MAX_READ);

/** Ends a connection from the next call on. No audit row is written. */
export const endGrant = (tx: GateTx, { _id }: Grant, revokedReason: string): Promise<void> => {
  const now = Date.now();
  return tx.db.patch("toolgateGrants", _id, {
    ...{ revokedAt: now, revokedReason },
    forgetAt: now + KEPT_MS,
  });
};

/** Ends the live connections of a key. Returns how many. */
export const endGrantsOf = async (tx: GateTx, keyId: string, reason: string): Promise<number> => {
  const grants = await liveGrantsOf(tx.db, keyId);
  for (const grant of grants) await endGrant(tx, grant, reason);
  return grants.length;
};
