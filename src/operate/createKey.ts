/** Creating a key: an action mints it, a mutation keeps its hash. */
import type { FunctionReference, WithoutSystemFields } from "convex/server";
import { v, type Infer } from "convex/values";
import type { KeyEnv } from "../auth/keyFormat";
import { refuse } from "../base/refuse";
import { recordOperation } from "../data/audit";
import type { ActionCtx, Doc, GateTx } from "../data/database";
import { keyEnvValidator } from "../data/values";
import { fillBuckets } from "../middleware/limits";
import {
  DEFAULT_DAYS,
  expiryAfter,
  keyFields,
  requireKeyFields,
  requireText,
  type KeySettings,
} from "./keyFields";
import { keyInfo, keyInfoValidator, type KeyInfo } from "./keyInfo";
import {
  hashedValidator,
  issuedValidator,
  mint,
  type HashedKey,
  type IssuedKey,
  type Peppers,
} from "./mintKey";

const newKeyValidator = v.object({
  tenant: v.string(),
  name: keyFields.name,
  role: keyFields.role,
  /** The agent or service; the key's id unless stated. Idempotency keys are kept per subject. */
  subject: v.optional(v.string()),
  expiresInDays: v.optional(keyFields.expiresInDays),
  tools: v.optional(keyFields.tools),
  constraints: v.optional(keyFields.constraints),
});

type NewKey = Infer<typeof newKeyValidator>;

/** What `createKey` needs of the app. */
export interface KeyCreation {
  readonly peppers: Peppers;
  /** `internalMutation(insertKey(…))` */
  readonly insert: FunctionReference<
    "mutation",
    "internal",
    { hashed: HashedKey; grant: NewKey },
    KeyInfo
  >;
}

/** The definition of the action `keys:create`. It throws ConvexError `no_pepper`, and what `insertKey` throws. */
export const createKey = ({ peppers, insert }: KeyCreation) => ({
  args: { ...newKeyValidator.fields, env: v.optional(keyEnvValidator()) },
  returns: issuedValidator,
  handler: async (
    ctx: Pick<ActionCtx, "runMutation">,
    { env = "live", ...grant }: NewKey & { env?: KeyEnv },
  ): Promise<IssuedKey> => {
    const { key, hashed } = await mint(env, peppers);
    return { key, ...(await ctx.runMutation(insert, { hashed, grant })) };
  },
});

/** Adds a row with what every call will need beside it, and says so in the audit log. */
export const addKey = async (
  tx: GateTx,
  row: WithoutSystemFields<Doc<"toolgateKeys">>,
  method: string,
  args: unknown,
): Promise<KeyInfo> => {
  const id = await tx.db.insert("toolgateKeys", row);
  await fillBuckets(tx, row);
  const { keyId, tenant, role } = row;
  await recordOperation(tx, { method, args, keyId, tenant, role });
  return keyInfo({ ...row, _id: id, _creationTime: row.createdAt });
};

/** The definition of the mutation behind `keys:create`. It throws ConvexError `invalid_arguments` that names the field. */
export const insertKey = (settings: KeySettings) => ({
  args: { hashed: hashedValidator, grant: newKeyValidator },
  returns: keyInfoValidator,
  handler: async (
    tx: GateTx,
    { hashed, grant }: { hashed: HashedKey; grant: NewKey },
  ): Promise<KeyInfo> => {
    const { expiresInDays = DEFAULT_DAYS, subject = hashed.keyId, ...rest } = grant;
    await requireKeyFields(tx, settings, grant);
    requireText("subject", subject, 100);
    if (!(await tx.runQuery(settings.tenantExists, { slug: grant.tenant }))) {
      refuse("invalid_arguments", `tenant: there is no tenant ${JSON.stringify(grant.tenant)}`);
    }
    const lifetime = { createdAt: Date.now(), expiresAt: expiryAfter(expiresInDays) };
    return addKey(tx, { ...hashed, ...rest, subject, ...lifetime }, "keys/create", grant);
  },
});
