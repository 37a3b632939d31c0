/** From a key that a caller shows to the row that proves or disproves it. */
import type { Infer } from "convex/values";
import type { Doc, GateReader } from "../data/database";
import type { constraintsValidator } from "../data/values";
import { hashKey, sameHash, type Pepper } from "./pepper";

/** What a caller claims: a key id, and the key's hash under every pepper, since only the row tells which one counts. */
export interface Credential {
  readonly keyId: string;
  readonly hashes: readonly { readonly pepperId: string; readonly hash: string }[];
}

/** Hashes a key; the secret itself goes no further. */
export const credentialOf = async (
  key: string,
  keyId: string,
  peppers: readonly Pepper[],
): Promise<Credential> => ({
  keyId,
  hashes: await Promise.all(
    peppers.map(async (pepper) => ({ pepperId: pepper.id, hash: await hashKey(pepper, key) })),
  ),
});

export const findKey = (db: GateReader, keyId: string): Promise<Doc<"toolgateKeys"> | null> =>
  db
    .query("toolgateKeys")
    .withIndex("by_keyId", (q) => q.eq("keyId", keyId))
    .unique();

/** Whether the caller knows the key's secret. Whether the key may still be used is not checked. */
export const isProven = (key: Doc<"toolgateKeys">, { hashes }: Credential): boolean =>
  sameHash(key.hash, hashes.find(({ pepperId }) => pepperId === key.pepperId)?.hash ?? "");

/** Why a key whose secret is right may not be used. */
export type WhyUnusable = "revoked" | "rotated" | "expired";

/** Undefined if the key may be used. */
export const whyUnusable = (key: Doc<"toolgateKeys">, now: number): WhyUnusable | undefined => {
  if (key.revokedAt !== undefined) return "revoked";
  if (key.graceUntil !== undefined && key.graceUntil <= now) return "rotated";
  return key.expiresAt <= now ? "expired" : undefined;
};

/** Whether a request that was let in may go on: false once its key was revoked, has expired, or is gone. */
export const isKeyValid = (key: Doc<"toolgateKeys"> | null): boolean =>
  key !== null && whyUnusable(key, Date.now()) === undefined;

/** How the key narrows its role. */
export interface Restrictions {
  readonly tools?: readonly string[] | undefined;
  readonly constraints?: Infer<ReturnType<typeof constraintsValidator>> | undefined;
}
