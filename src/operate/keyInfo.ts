/** A key as operators see it: everything but its hash. */
import { v, type Infer } from "convex/values";
import type { Doc, GateReader } from "../data/database";
import { constraintsValidator, keyEnvValidator } from "../data/values";
import { whyUnusable } from "../auth/credential";

export const keyInfoValidator = v.object({
  keyId: v.string(),
  env: keyEnvValidator(),
  name: v.string(),
  subject: v.string(),
  tenant: v.string(),
  role: v.string(),
  status: v.union(
    v.literal("active"),
    v.literal("expired"),
    v.literal("revoked"),
    v.literal("rotated"),
  ),
  tools: v.optional(v.array(v.string())),
  constraints: v.optional(constraintsValidator()),
  /** All times are ISO 8601, UTC. */
  createdAt: v.string(),
  expiresAt: v.string(),
  revokedAt: v.optional(v.string()),
  revokedReason: v.optional(v.string()),
  /** The key that this one took over from, and the one that took over from it. */
  replaces: v.optional(v.string()),
  replacedBy: v.optional(v.string()),
  /** Until when a key that was rotated still works. */
  graceUntil: v.optional(v.string()),
  /** The newest call in the audit log. */
  lastUsedAt: v.optional(v.string()),
});

export type KeyInfo = Infer<typeof keyInfoValidator>;

const iso = (ms: number) => new Date(ms).toISOString();

/** Only the rows of calls whose secret was right have a subject: neither an operator's nor those of failures do. */
const lastUse = async (db: GateReader, keyId: string): Promise<number | undefined> => {
  const row = await db
    .query("toolgateAudit")
    .withIndex("by_keyId_subject", (q) => q.eq("keyId", keyId).gt("subject", ""))
    .order("desc")
    .first();
  return row?.at;
};

/** Describes a key. */
export const keyInfo = (key: Doc<"toolgateKeys">): KeyInfo => {
  const { keyId, env, name, subject, tenant, role, tools, constraints } = key;
  const { revokedAt, revokedReason, replaces, replacedBy, graceUntil } = key;
  return {
    keyId,
    env,
    name,
    subject,
    tenant,
    role,
    status: whyUnusable(key, Date.now()) ?? "active",
    ...(tools && { tools }),
    ...(constraints && { constraints }),
    createdAt: iso(key.createdAt),
    expiresAt: iso(key.expiresAt),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
    ...(revokedReason !== undefined && { revokedReason }),
    ...(replaces !== undefined && { replaces }),
    ...(replacedBy !== undefined && { replacedBy }),
    ...(graceUntil !== undefined && { graceUntil: iso(graceUntil) }),
  };
};

/**
 * Describes a key and when it was last used. For queries only: every call of the key writes what this reads, so that a
 * mutation, the revocation of a key under attack for one, would conflict with all of them.
 */
export const keyInfoWithUse = async (
  db: GateReader,
  key: Doc<"toolgateKeys">,
): Promise<KeyInfo> => {
  const lastUsedAt = await lastUse(db, key.keyId);
  return { ...keyInfo(key), ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }) };
};
