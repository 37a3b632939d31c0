/** Ends all that a person's agents may do, once the person leaves or must be stopped. */
import { v, type Infer } from "convex/values";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { endGrantsOf } from "./endGrant";
import { requireText } from "./keyFields";

/** The most keys that one transaction ends. Each may have 50 connections. */
const BATCH = 100;

const args = {
  subject: v.string(),
  /** Absent: in all tenants. */
  tenant: v.optional(v.string()),
  reason: v.optional(v.string()),
};

/** Whose access ends, where, and why. */
export type Leaving = {
  readonly subject: string;
  readonly tenant?: string;
  readonly reason?: string;
};

const endedValidator = v.object({
  /** The ids of the keys that were revoked. */
  keys: v.array(v.string()),
  /** How many connections ended with them. */
  connections: v.number(),
  /** True if the person has more keys than one transaction ends. Call again until it is false. */
  hasMore: v.boolean(),
});

/** What one call has ended. */
export type EndedAccess = Infer<typeof endedValidator>;

const liveKeysOf = (tx: GateTx, { subject, tenant }: Leaving): Promise<Doc<"toolgateKeys">[]> =>
  tx.db
    .query("toolgateKeys")
    .withIndex("by_subject_revokedAt_tenant", (q) => {
      const live = q.eq("subject", subject).eq("revokedAt", undefined);
      return tenant === undefined ? live : live.eq("tenant", tenant);
    })
    .take(BATCH + 1);

/**
 * Revokes all keys of a person, those without a secret for a signed-in user too, and ends the connections under them. With the keys all else ends:
 * streams at their next look, jobs that wait before they begin, running jobs at their next report, questions that wait for an answer. Each key has an
 * audit row. Call it from a mutation of your own, when a user leaves. It can be called again.
 *
 * Whether there is such a person is not checked. A person who can still sign in to your app can make new connections: `subjects.mayAct` refuses that.
 *
 * @param leaving - `subject` as the keys have it; `tenant`, all unless given; `reason`, 1 to 200 printable characters, kept with each key.
 * @returns what has ended, and whether there is more than one transaction ends: call again then.
 * @throws ConvexError `invalid_arguments` for a reason or subject that is none.
 */
export const endAccess = async (tx: Pick<GateTx, "db">, leaving: Leaving): Promise<EndedAccess> => {
  const { subject, reason } = leaving;
  requireText("subject", subject, 100);
  if (reason !== undefined) requireText("reason", reason, 200);
  const found = await liveKeysOf(tx as GateTx, leaving);
  const keys = found.slice(0, BATCH);
  let connections = 0;
  for (const { _id, keyId, tenant, role } of keys) {
    const why = reason === undefined ? {} : { revokedReason: reason };
    await tx.db.patch("toolgateKeys", _id, { revokedAt: Date.now(), ...why });
    const change = { method: "keys/end", args: { ...leaving }, keyId, tenant, role };
    await recordChange(tx as GateTx, change);
    connections += await endGrantsOf(tx as GateTx, keyId, "access_ended");
  }
  return { keys: keys.map(({ keyId }) => keyId), connections, hasMore: found.length > BATCH };
};

/** The definition of the mutation behind `keys revoke --subject`. It throws as `endAccess` does. */
export const endAccessOf = {
  args,
  returns: endedValidator,
  handler: (tx: GateTx, leaving: Leaving): Promise<EndedAccess> => endAccess(tx, leaving),
};
