/** Rotates a key: a new key takes over all but the id and secret, and the connections. The old key may still work for a while. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { findKey } from "../auth/credential";
import { defined } from "../base/defined";
import { refuse } from "../base/refuse";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { runnerOf, type Runs } from "../runner/runner";
import { addKey } from "./createKey";
import { liveGrantsOf } from "./endGrant";
import { expiryAfter, requireKeyFields } from "./keyFields";
import { keyInfoValidator, type KeyInfo } from "./keyInfo";
import { hashedValidator, issuedValidator, mint, type HashedKey, type IssuedKey } from "./mintKey";
import { requireActive } from "./readKeys";
import type { Toolgate } from "../registry/toolgate";

/** The longest time that the old and the new key may both work: a week. */
const MAX_GRACE_MINUTES = 7 * 24 * 60;

const rotation = {
  keyId: v.string(),
  /** How long the old key still works; at most a week. Default: 0. */
  graceMinutes: v.optional(v.number()),
  /** Counted from now; 1 to 365. Default: the new key expires when the old one would have. */
  expiresInDays: v.optional(v.number()),
};

type Rotation = { keyId: string; graceMinutes?: number; expiresInDays?: number };

type Replace = { hashed: HashedKey; rotation: Rotation };

/**
 * The definition of the action `rotateKey`. It returns the new key, which is shown only this once.
 *
 * It throws ConvexError `no_pepper`, and the errors of `replaceKey`.
 */
export const rotateKey = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: rotation,
  returns: issuedValidator,
  handler: async (ctx: Runs, args: Rotation): Promise<IssuedKey> => {
    const get = makeFunctionReference<"query", { keyId: string }, KeyInfo>(`${dir}/admin:getKey`);
    const replace = makeFunctionReference<"mutation", Replace, KeyInfo>(`${dir}/admin:replaceKey`);
    const { env } = await runnerOf(ctx).patient().query(get, { keyId: args.keyId });
    const { key, hashed } = await mint(env);
    return {
      key,
      ...(await runnerOf(ctx).patient().mutation(replace, { hashed, rotation: args })),
    };
  },
});

/** Ends the grace of the key before the old one, so that at most two keys of a chain of rotations work. */
const endGrace = async (
  tx: GateTx,
  { replaces }: Doc<"toolgateKeys">,
  now: number,
): Promise<void> => {
  const before = replaces === undefined ? null : await findKey(tx.db, replaces);
  if (before?.graceUntil === undefined || before.graceUntil <= now) return;
  await tx.db.patch("toolgateKeys", before._id, { graceUntil: now });
  await recordChange(tx, { method: "keys/end-grace", args: {}, keyId: before.keyId });
};

const narrowedBy = ({
  tools,
  constraints,
  fixed,
  unattended,
  readOnly,
  approval,
}: Omit<Doc<"toolgateKeys">, "name" | "subject" | "tenant" | "role">) => ({
  ...(tools && { tools }),
  ...(constraints && { constraints }),
  ...(fixed && { fixed }),
  ...(unattended && { unattended }),
  ...(readOnly && { readOnly }),
  ...(approval && { approval }),
});

/** Picks the fields that the new key takes over. */
const inherited = ({ name, subject, tenant, role, ...narrowing }: Doc<"toolgateKeys">) => ({
  name,
  subject,
  tenant,
  role,
  ...narrowedBy(narrowing),
});

const moveConnections = async (tx: GateTx, keyId: string, next: string): Promise<void> => {
  for (const { _id } of await liveGrantsOf(tx.db, keyId))
    await tx.db.patch("toolgateGrants", _id, { keyId: next });
};

/**
 * The definition of the mutation behind `rotateKey`. The new key expires when the old one would have, unless
 * `expiresInDays` says otherwise: a short-lived key must not become a long-lived one unsaid.
 *
 * It throws ConvexError `not_found`, `wrong_state` for a key that no longer works or was rotated before, and `invalid_arguments`.
 */
export const replaceKey = (app: Toolgate) => ({
  args: { hashed: hashedValidator, rotation: v.object(rotation) },
  returns: keyInfoValidator,
  handler: async (tx: GateTx, { hashed, rotation: args }: Replace): Promise<KeyInfo> => {
    const { keyId, graceMinutes = 0, expiresInDays } = args;
    if (!(graceMinutes >= 0 && graceMinutes <= MAX_GRACE_MINUTES)) {
      refuse("invalid_arguments", `graceMinutes: expected 0 to ${String(MAX_GRACE_MINUTES)}`);
    }
    await requireKeyFields(tx, app, defined({ expiresInDays }));
    const old = await requireActive(tx.db, keyId);
    if (old.hash === undefined) refuse("wrong_state", `Key ${keyId} has no secret to rotate.`);
    const now = Date.now();
    await moveConnections(tx, keyId, hashed.keyId);
    await endGrace(tx, old, now);
    await tx.db.patch("toolgateKeys", old._id, {
      replacedBy: hashed.keyId,
      graceUntil: now + graceMinutes * 60_000,
    });
    const expiresAt = expiresInDays === undefined ? old.expiresAt : expiryAfter(expiresInDays);
    const lifetime = { createdAt: now, expiresAt };
    const row = { ...hashed, ...inherited(old), ...lifetime, replaces: keyId };
    return addKey(tx, row, "keys/rotate", args);
  },
});
