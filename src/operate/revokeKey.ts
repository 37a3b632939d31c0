/** Revokes a key and its connections, alone or with the other keys of its chain of rotations. It takes effect on the next call. */
import { v, type Infer } from "convex/values";
import { whyUnusable } from "../auth/credential";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { endGrantsOf } from "./endGrant";
import { requireText } from "./keyFields";
import { keyInfo, keyInfoValidator } from "./keyInfo";
import { requireKey } from "./readKeys";
import { othersOf } from "./rotations";

type Key = Doc<"toolgateKeys">;

const args = {
  keyId: v.string(),
  reason: v.optional(v.string()),
  /** Revokes the other keys of the chain too: those before and after it in rotations. Default: false. */
  chain: v.optional(v.boolean()),
};

type Revocation = { keyId: string; reason?: string; chain?: boolean };

const revokedValidator = v.object({
  ...keyInfoValidator.fields,
  /** The other keys that were revoked with it. */
  alsoRevoked: v.array(v.string()),
  /** How many connections ended with these keys. */
  connectionsEnded: v.number(),
  /** The other keys of the chain that still work, and until when (ISO 8601, UTC). */
  stillWorking: v.array(v.object({ keyId: v.string(), until: v.string() })),
});

/** The reply to a revocation. */
export type Revoked = Infer<typeof revokedValidator>;

/** Returns how many connections ended with the key. */
const end = async (tx: GateTx, { _id, keyId, tenant, role }: Key, args: Revocation) => {
  const revokedReason = args.reason;
  await tx.db.patch("toolgateKeys", _id, {
    revokedAt: Date.now(),
    ...(revokedReason !== undefined && { revokedReason }),
  });
  await recordChange(tx, { method: "keys/revoke", args, keyId, tenant, role });
  return endGrantsOf(tx, keyId, "key_revoked");
};

const idOf = ({ keyId }: Key): string => keyId;

const stillWorking = ({ keyId, expiresAt, graceUntil = expiresAt }: Key) => ({
  keyId,
  until: new Date(Math.min(expiresAt, graceUntil)).toISOString(),
});

/**
 * The definition of `revokeKey`. A key that is revoked already stays as it is. It returns the key, and what became of the others in
 * its chain. Each key that it revokes has an audit row.
 *
 * It throws ConvexError `not_found`, `wrong_state` for a key that was rotated over 2,000 times since, and `invalid_arguments` for a reason that
 * is not 1 to 200 printable characters.
 */
export const revokeKey = {
  args,
  returns: revokedValidator,
  handler: async (tx: GateTx, args: Revocation): Promise<Revoked> => {
    const { keyId, reason, chain = false } = args;
    const key = await requireKey(tx.db, keyId);
    if (reason !== undefined) requireText("reason", reason, 200);
    const others = await othersOf(tx.db, key);
    let connectionsEnded = key.revokedAt === undefined ? await end(tx, key, args) : 0;
    if (chain) for (const other of others) connectionsEnded += await end(tx, other, args);
    const working = others.filter((other) => whyUnusable(other, Date.now()) === undefined);
    return {
      ...keyInfo(await requireKey(tx.db, keyId)),
      connectionsEnded,
      alsoRevoked: chain ? others.map(idOf) : [],
      stillWorking: chain ? [] : working.map(stillWorking),
    };
  },
};
