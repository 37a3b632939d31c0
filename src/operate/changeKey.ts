/** Changes keys. It takes effect on the next call. */
import { v } from "convex/values";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { refuse } from "../base/refuse";
import { expiryAfter, keyFields, requireKeyFields } from "./keyFields";
import { whyUnusable } from "../auth/credential";
import { keyInfo, keyInfoValidator, type KeyInfo } from "./keyInfo";
import { requireKey } from "./readKeys";
import type { Toolgate } from "../registry/toolgate";
import { setApproval } from "./underApproval";

const changes = v.object({
  keyId: v.string(),
  name: v.optional(keyFields.name),
  role: v.optional(keyFields.role),
  /** Counted from now. It makes an expired key work again. */
  expiresInDays: v.optional(keyFields.expiresInDays),
  /** null allows all tools of the role again. */
  tools: v.optional(v.union(keyFields.tools, v.null())),
  /** null removes all constraints. */
  constraints: v.optional(v.union(keyFields.constraints, v.null())),
  /** null removes all fixed arguments. */
  fixed: v.optional(v.union(keyFields.fixed, v.null())),
  unattended: v.optional(keyFields.unattended),
  readOnly: v.optional(keyFields.readOnly),
  /** For all keys of the subject. null takes it away. */
  approval: v.optional(v.union(keyFields.approval, v.null())),
});

type Changes = typeof changes.type;

/** In a patch, a field set to undefined is removed from the row, and an absent field stays. */
const patchOf = ({
  keyId: _keyId,
  expiresInDays,
  tools,
  constraints,
  fixed,
  approval: _approval,
  ...plain
}: Changes) => ({
  ...plain,
  ...(expiresInDays !== undefined && { expiresAt: expiryAfter(expiresInDays) }),
  ...(tools !== undefined && { tools: tools ?? undefined }),
  ...(constraints !== undefined && { constraints: constraints ?? undefined }),
  ...(fixed !== undefined && { fixed: fixed ?? undefined }),
});

const requireChangeable = (key: Doc<"toolgateKeys">): void => {
  const state = whyUnusable(key, Date.now());
  if (state === "revoked" || state === "rotated") {
    refuse("wrong_state", `Key ${key.keyId} is ${state}. That is final.`);
  }
};

/**
 * The definition of `updateKey`. Absent fields stay. It returns the changed key.
 *
 * It throws ConvexError `not_found`, `wrong_state` for a key that was revoked or whose grace after a rotation is over, and
 * `invalid_arguments`.
 */
export const updateKey = (app: Toolgate) => ({
  args: changes.fields,
  returns: keyInfoValidator,
  handler: async (tx: GateTx, args: Changes): Promise<KeyInfo> => {
    const { keyId, tools, constraints, fixed, approval, ...fields } = args;
    const key = await requireKey(tx.db, keyId);
    requireChangeable(key);
    await requireKeyFields(tx, app, {
      ...fields,
      ...(tools && { tools }),
      ...(constraints && { constraints }),
      ...(fixed && { fixed }),
      ...(approval && { approval }),
    });
    const patch = patchOf(args);
    if (Object.keys(patch).length === 0 && approval === undefined) {
      refuse(
        "invalid_arguments",
        "Give at least one of name, role, expiresInDays, tools, constraints, fixed, unattended, readOnly, approval",
      );
    }
    await tx.db.patch("toolgateKeys", key._id, patch as Partial<Doc<"toolgateKeys">>);
    if (approval !== undefined) await setApproval(tx, key, approval ?? []);
    const { tenant } = key;
    await recordChange(tx, {
      method: "keys/update",
      args,
      keyId,
      tenant,
      role: fields.role ?? key.role,
    });
    return keyInfo(await requireKey(tx.db, keyId));
  },
});
