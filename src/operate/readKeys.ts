/** Reads keys: one of them, or a list. */
import { v } from "convex/values";
import {
  gateReader,
  type Doc,
  type GateDataModel,
  type GateQueryCtx,
  type GateReader,
} from "../data/database";
import { pageFields, readPage, type PageRequest } from "./page";
import { refuse } from "../base/refuse";
import { findKey, whyUnusable } from "../auth/credential";
import { keyInfoValidator, keyInfoWithUse, type KeyInfo } from "./keyInfo";

/**
 * Finds a key by its public id. Whether it may be used is not checked.
 *
 * @throws ConvexError `not_found`
 */
export const requireKey = async (db: GateReader, keyId: string): Promise<Doc<"toolgateKeys">> =>
  (await findKey(db, keyId)) ??
  refuse("not_found", `keyId: there is no key ${JSON.stringify(keyId)}`);

/**
 * Finds a key that works and was not rotated.
 *
 * @throws ConvexError `not_found`, or `wrong_state` for a key that does not work or was rotated.
 */
export const requireActive = async (
  db: GateReader,
  keyId: string,
): Promise<Doc<"toolgateKeys">> => {
  const key = await requireKey(db, keyId);
  const state = whyUnusable(key, Date.now());
  if (state !== undefined) refuse("wrong_state", `Key ${keyId} is ${state}.`);
  if (key.replacedBy !== undefined) {
    refuse("wrong_state", `Key ${keyId} was already rotated: ${key.replacedBy} took over.`);
  }
  return key;
};

/** The definition of `getKey`. It throws ConvexError `not_found`. */
export const getKey = {
  args: { keyId: v.string() },
  returns: keyInfoValidator,
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { keyId }: { keyId: string },
  ): Promise<KeyInfo> => {
    const db = gateReader(ctx);
    return keyInfoWithUse(db, await requireKey(db, keyId));
  },
};

/** The definition of `listKeys`: a page of keys, newest first, of one tenant or of all. It throws as `readPage` does. */
export const listKeys = {
  args: { tenant: v.optional(v.string()), ...pageFields },
  returns: v.object({
    keys: v.array(keyInfoValidator),
    nextCursor: v.union(v.string(), v.null()),
  }),
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { tenant, ...page }: { tenant?: string } & PageRequest,
  ) => {
    const db = gateReader(ctx);
    const keys = db.query("toolgateKeys");
    const range =
      tenant === undefined ? keys : keys.withIndex("by_tenant", (q) => q.eq("tenant", tenant));
    const { rows, nextCursor } = await readPage(range.order("desc"), page);
    return { keys: await Promise.all(rows.map((row) => keyInfoWithUse(db, row))), nextCursor };
  },
};
