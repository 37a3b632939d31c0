/** Verifies a key without a call: no rate limit counts it, and the audit log does not record it. */
import { makeFunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import {
  credentialOf,
  findKey,
  isProven,
  whyUnusable,
  type KeyCredential,
} from "../auth/credential";
import { parseKey } from "../auth/keyFormat";
import { readPeppers } from "../auth/pepper";
import { roleOf } from "../auth/rights";
import { gateReader, type GateDataModel, type GateQueryCtx } from "../data/database";
import { runnerOf, type Runs } from "../runner/runner";
import { keyInfoValidator, keyInfoWithUse } from "./keyInfo";
import type { Toolgate } from "../registry/toolgate";

const verificationValidator = v.object({
  valid: v.boolean(),
  /** Set if the key is not valid. */
  reason: v.optional(
    v.union(
      v.literal("malformed"),
      v.literal("no_pepper"),
      v.literal("unknown_key"),
      v.literal("wrong_secret"),
      v.literal("revoked"),
      v.literal("rotated"),
      v.literal("expired"),
    ),
  ),
  /** Set only if the secret is right, like `permissions`. */
  key: v.optional(keyInfoValidator),
  permissions: v.optional(v.array(v.string())),
});

/** Whether a key works, and what it allows. */
export type Verification = Infer<typeof verificationValidator>;

const credentialValidator = v.object({
  keyId: v.string(),
  hashes: v.array(v.object({ pepperId: v.string(), hash: v.string() })),
});

type Check = { credential: Infer<typeof credentialValidator> };

const no = (reason: NonNullable<Verification["reason"]>): Verification => ({
  valid: false,
  reason,
});

/**
 * The definition of the action `verifyKey`. It returns whether a key works, and what it allows. Never throws for a bad key. An action,
 * because Convex's cache keeps the arguments of queries.
 */
export const verifyKey = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: { key: v.string() },
  returns: verificationValidator,
  handler: async (ctx: Runs, { key }: { key: string }): Promise<Verification> => {
    const parsed = parseKey(key.trim());
    if (parsed === undefined) return no("malformed");
    const known = readPeppers();
    if (known.length === 0) return no("no_pepper");
    const { keyId, hashes } = await credentialOf(key.trim(), parsed.keyId, known);
    const check = makeFunctionReference<"query", Check, Verification>(`${dir}/admin:checkKey`);
    return runnerOf(ctx)
      .patient()
      .query(check, { credential: { keyId, hashes: [...hashes] } });
  },
});

/** The definition of the query behind `verifyKey`. It gets the hashes of the key, not the key. */
export const checkKey = {
  args: { credential: credentialValidator },
  returns: verificationValidator,
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { credential }: { credential: KeyCredential },
  ): Promise<Verification> => {
    const db = gateReader(ctx);
    const key = await findKey(db, credential.keyId);
    if (key === null) return no("unknown_key");
    if (!isProven(key, credential.hashes)) return no("wrong_secret");
    const state = whyUnusable(key, Date.now());
    const permissions = [...(await roleOf(db, key.role)).permissions];
    const described = { key: await keyInfoWithUse(db, key), permissions };
    return state === undefined ? { valid: true, ...described } : { ...no(state), ...described };
  },
};
