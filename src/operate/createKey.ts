/** Creates a key: an action makes it, and a mutation stores its hash. */
import { makeFunctionReference, type WithoutSystemFields } from "convex/server";
import { v, type Infer } from "convex/values";
import type { KeyEnv } from "../auth/keyFormat";
import { recordChange } from "../data/audit";
import type { Doc, GateTx } from "../data/database";
import { keyEnvValidator } from "../data/values";
import { fillBuckets } from "../middleware/limits";
import { runnerOf, type Runs } from "../runner/runner";
import {
  DEFAULT_DAYS,
  expiryAfter,
  keyFields,
  requireKeyFields,
  requireSubject,
  requireTenant,
} from "./keyFields";
import { keyInfo, keyInfoValidator, type KeyInfo } from "./keyInfo";
import { hashedValidator, issuedValidator, mint, type HashedKey, type IssuedKey } from "./mintKey";
import type { Toolgate } from "../registry/toolgate";
import { inheritApproval } from "./underApproval";

const newKeyValidator = v.object({
  /** Absent if the app has only one tenant. */
  tenant: v.optional(v.string()),
  name: keyFields.name,
  role: keyFields.role,
  /** The agent or service that gets the key. Default: the key's id. Idempotency keys are kept per subject. */
  subject: v.optional(v.string()),
  expiresInDays: v.optional(keyFields.expiresInDays),
  tools: v.optional(keyFields.tools),
  constraints: v.optional(keyFields.constraints),
  fixed: v.optional(keyFields.fixed),
  unattended: v.optional(keyFields.unattended),
  readOnly: v.optional(keyFields.readOnly),
  approval: v.optional(keyFields.approval),
});

/** What an operator says of a new key. */
export type NewKey = Infer<typeof newKeyValidator>;

type Insert = { hashed: HashedKey; fields: NewKey };

/**
 * The definition of the action `createKey`. `env` is `live` by default. It returns the key, which is shown only this once.
 *
 * It throws ConvexError `no_pepper`, and the errors of `insertKey`.
 */
export const createKey = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: { ...newKeyValidator.fields, env: v.optional(keyEnvValidator()) },
  returns: issuedValidator,
  handler: async (
    ctx: Runs,
    { env = "live", ...fields }: NewKey & { env?: KeyEnv },
  ): Promise<IssuedKey> => {
    const insert = makeFunctionReference<"mutation", Insert, KeyInfo>(`${dir}/admin:insertKey`);
    const { key, hashed } = await mint(env);
    return { key, ...(await runnerOf(ctx).patient().mutation(insert, { hashed, fields })) };
  },
});

/**
 * Adds the row of a key and its token buckets, and writes an audit row.
 *
 * @param row - not checked.
 * @param method - for the audit row, such as `keys/create`.
 * @param args - the operator's arguments, for the audit row.
 */
export const addKey = async (
  tx: GateTx,
  row: WithoutSystemFields<Doc<"toolgateKeys">>,
  method: string,
  args: unknown,
): Promise<KeyInfo> => {
  const id = await tx.db.insert("toolgateKeys", row);
  await fillBuckets(tx, row);
  const { keyId, tenant, role } = row;
  await recordChange(tx, { method, args, keyId, tenant, role });
  return keyInfo({ ...row, _id: id, _creationTime: row.createdAt });
};

/**
 * The definition of the mutation behind `createKey`. The key expires after 90 days by default. It throws ConvexError
 * `invalid_arguments`, which names the field.
 */
export const insertKey = (app: Toolgate) => ({
  args: { hashed: hashedValidator, fields: newKeyValidator },
  returns: keyInfoValidator,
  handler: async (tx: GateTx, { hashed, fields }: Insert): Promise<KeyInfo> => {
    const {
      expiresInDays = DEFAULT_DAYS,
      subject: named,
      tenant: stated,
      approval,
      ...rest
    } = fields;
    await requireKeyFields(tx, app, fields);
    const tenant = await requireTenant(tx, app, stated);
    const subject = await requireSubject(tx, app, { subject: named, tenant }, hashed.keyId);
    const lifetime = { createdAt: Date.now(), expiresAt: expiryAfter(expiresInDays) };
    const owner = {
      tenant,
      subject,
      ...(await inheritApproval(tx, { tenant, subject }, approval)),
    };
    return addKey(tx, { ...hashed, ...rest, ...owner, ...lifetime }, "keys/create", fields);
  },
});
