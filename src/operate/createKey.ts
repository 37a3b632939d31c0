/** Creating a key: an action mints it, a mutation keeps its hash. */
import { makeFunctionReference, type WithoutSystemFields } from "convex/server";
import { v, type Infer } from "convex/values";
import type { KeyEnv } from "../auth/keyFormat";
import { recordOperation } from "../data/audit";
import type { ActionCtx, Doc, GateTx } from "../data/database";
import { keyEnvValidator } from "../data/values";
import { fillBuckets } from "../middleware/limits";
import {
  DEFAULT_DAYS,
  expiryAfter,
  keyFields,
  requireKeyFields,
  requireTenant,
  requireText,
} from "./keyFields";
import { keyInfo, keyInfoValidator, type KeyInfo } from "./keyInfo";
import { hashedValidator, issuedValidator, mint, type HashedKey, type IssuedKey } from "./mintKey";
import type { Toolgate } from "../registry/toolgate";

const newKeyValidator = v.object({
  /** Absent in an app with one tenant. */
  tenant: v.optional(v.string()),
  name: keyFields.name,
  role: keyFields.role,
  /** The agent or service; the key's id unless stated. Idempotency keys are kept per subject. */
  subject: v.optional(v.string()),
  expiresInDays: v.optional(keyFields.expiresInDays),
  tools: v.optional(keyFields.tools),
  constraints: v.optional(keyFields.constraints),
});

type NewKey = Infer<typeof newKeyValidator>;

type Insert = { hashed: HashedKey; fields: NewKey };

/** The definition of the action `createKey`. It throws ConvexError `no_pepper`, and what `insertKey` throws. */
export const createKey = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: { ...newKeyValidator.fields, env: v.optional(keyEnvValidator()) },
  returns: issuedValidator,
  handler: async (
    ctx: Pick<ActionCtx, "runMutation">,
    { env = "live", ...fields }: NewKey & { env?: KeyEnv },
  ): Promise<IssuedKey> => {
    const insert = makeFunctionReference<"mutation", Insert, KeyInfo>(`${dir}/admin:insertKey`);
    const { key, hashed } = await mint(env);
    return { key, ...(await ctx.runMutation(insert, { hashed, fields })) };
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

/** The definition of the mutation behind `createKey`. It throws ConvexError `invalid_arguments` that names the field. */
export const insertKey = (app: Toolgate) => ({
  args: { hashed: hashedValidator, fields: newKeyValidator },
  returns: keyInfoValidator,
  handler: async (tx: GateTx, { hashed, fields }: Insert): Promise<KeyInfo> => {
    const {
      expiresInDays = DEFAULT_DAYS,
      subject = hashed.keyId,
      tenant: stated,
      ...rest
    } = fields;
    await requireKeyFields(tx, app, fields);
    requireText("subject", subject, 100);
    const tenant = await requireTenant(tx, app, stated);
    const lifetime = { createdAt: Date.now(), expiresAt: expiryAfter(expiresInDays) };
    return addKey(tx, { ...hashed, ...rest, tenant, subject, ...lifetime }, "keys/create", fields);
  },
});
