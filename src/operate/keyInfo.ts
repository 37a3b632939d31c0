/** A key as operators see it: everything but its hash. */
import { v, type Infer } from "convex/values";
import type { Doc, GateReader } from "../data/database";
import { constraintsValidator, fixedValidator, keyEnvValidator } from "../data/values";
import { whyUnusable } from "../auth/credential";
import { lastUseOfKey } from "./lastUse";

/** The validator of a key without its hash. */
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
  fixed: v.optional(fixedValidator()),
  unattended: v.optional(v.boolean()),
  readOnly: v.optional(v.boolean()),
  approval: v.optional(v.array(v.string())),
  /** All times are ISO 8601, UTC. */
  createdAt: v.string(),
  expiresAt: v.string(),
  revokedAt: v.optional(v.string()),
  revokedReason: v.optional(v.string()),
  /** The ids of the key before and the key after in a rotation. */
  replaces: v.optional(v.string()),
  replacedBy: v.optional(v.string()),
  /** The time until which a rotated key still works. */
  graceUntil: v.optional(v.string()),
  /** The time of the newest call in the audit log. */
  lastUsedAt: v.optional(v.string()),
});

export type KeyInfo = Infer<typeof keyInfoValidator>;

const iso = (ms: number) => new Date(ms).toISOString();

/** Describes a key, without the time when it was last used. */
export const keyInfo = (key: Doc<"toolgateKeys">): KeyInfo => {
  const { keyId, env, name, subject, tenant, role, tools, constraints, unattended } = key;
  const { fixed, readOnly, approval, revokedAt, revokedReason, replaces, replacedBy, graceUntil } =
    key;
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
    ...(fixed && { fixed }),
    ...(unattended && { unattended }),
    ...(readOnly && { readOnly }),
    ...(approval && { approval }),
    createdAt: iso(key.createdAt),
    expiresAt: iso(key.expiresAt),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
    ...(revokedReason !== undefined && { revokedReason }),
    ...(replaces !== undefined && { replaces }),
    ...(replacedBy !== undefined && { replacedBy }),
    ...(graceUntil !== undefined && { graceUntil: iso(graceUntil) }),
  };
};

/** Describes a key, with the time when it was last used. For queries only. */
export const keyInfoWithUse = async (
  db: GateReader,
  key: Doc<"toolgateKeys">,
): Promise<KeyInfo> => {
  const lastUsedAt = await lastUseOfKey(db, key.keyId);
  return { ...keyInfo(key), ...(lastUsedAt !== undefined && { lastUsedAt: iso(lastUsedAt) }) };
};
