/** The parent of a signed-in user's connections: a key row without a secret, which nobody can use as a key. */
import type { GateTx } from "../data/database";
import { addKey } from "../operate/createKey";
import { expiryAfter, requireKeyFields, requireSubject, requireTenant } from "../operate/keyFields";
import { requireKey } from "../operate/readKeys";
import { inheritApproval } from "../operate/underApproval";
import type { Toolgate } from "../registry/toolgate";
import type { Key } from "./parent";

/** A user of the app, as the app's sign-in proves it. */
export interface User {
  /** The user's id in the app. Idempotency keys and jobs are kept per subject. */
  readonly subject: string;
  /** Absent in an app with one tenant. */
  readonly tenant?: string;
  /** What the user's agents may do. */
  readonly role: string;
}

/** Days that the parent lasts after an approval. */
const DAYS = 365;

/** How many keys are looked at. A user who has more that are newer gets a new parent, which is then the newest. */
const LOOKED_AT = 100;

const findParent = async (tx: GateTx, tenant: string, subject: string): Promise<Key | null> => {
  const keys = await tx.db
    .query("toolgateKeys")
    .withIndex("by_subject_revokedAt_tenant", (q) =>
      q.eq("subject", subject).eq("revokedAt", undefined).eq("tenant", tenant),
    )
    .order("desc")
    .take(LOOKED_AT);
  return keys.find(({ hash }) => hash === undefined) ?? null;
};

/**
 * Finds the parent of a user's connections, or makes it. Either way it has the role that is stated now, and lasts a year from now.
 *
 * @param id - random; a new parent gets it as its id.
 * @throws ConvexError `invalid_arguments`
 */
export const parentOf = async (
  tx: GateTx,
  app: Toolgate,
  { subject, tenant: stated, role }: User,
  id: string,
): Promise<Key> => {
  await requireKeyFields(tx, app, { role });
  const tenant = await requireTenant(tx, app, stated);
  await requireSubject(tx, app, { subject, tenant });
  const found = await findParent(tx, tenant, subject);
  const now = { role, expiresAt: expiryAfter(DAYS) };
  if (found !== null) {
    await tx.db.patch("toolgateKeys", found._id, now);
    return { ...found, ...now };
  }
  const keyId = id.slice(0, 12);
  const owner = { tenant, subject, ...(await inheritApproval(tx, { tenant, subject })) };
  const row = { keyId, env: "live", name: "Signed-in user", ...owner, ...now } as const;
  await addKey(tx, { ...row, createdAt: Date.now() }, "keys/user", { subject, role });
  return requireKey(tx.db, keyId);
};
