/** Compares the key that a request carries with the stored row. */
import type { Infer } from "convex/values";
import type { Doc, GateReader } from "../data/database";
import type { constraintsValidator } from "../data/values";
import type { Constraints } from "./constraints";
import { hashKey, sameHash, type Pepper } from "./pepper";

/** The claim of a request: a key id, and the key's hash under every pepper. Only the row says which pepper counts. */
export interface Credential {
  readonly keyId: string;
  readonly hashes: readonly { readonly pepperId: string; readonly hash: string }[];
}

/** Hashes a key under every pepper, so that the secret itself need not reach the database. */
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

/** Finds a key by its public id; null if there is none. Whether it may be used is not checked. */
export const findKey = (db: GateReader, keyId: string): Promise<Doc<"toolgateKeys"> | null> =>
  db
    .query("toolgateKeys")
    .withIndex("by_keyId", (q) => q.eq("keyId", keyId))
    .unique();

/** Whether the credential proves the key's secret. Whether the key may still be used is not checked. */
export const isProven = (key: Doc<"toolgateKeys">, { hashes }: Credential): boolean =>
  sameHash(key.hash, hashes.find(({ pepperId }) => pepperId === key.pepperId)?.hash ?? "");

/** The reason why a key with the right secret may not be used. */
export type WhyUnusable = "revoked" | "rotated" | "expired";

/** Undefined if the key may be used. `now` is in milliseconds since 1970. */
export const whyUnusable = (key: Doc<"toolgateKeys">, now: number): WhyUnusable | undefined => {
  if (key.revokedAt !== undefined) return "revoked";
  if (key.graceUntil !== undefined && key.graceUntil <= now) return "rotated";
  return key.expiresAt <= now ? "expired" : undefined;
};

/** Whether an open request may go on. False once its key was revoked, was rotated and its grace is over, has expired, or is gone. */
export const isKeyValid = (key: Doc<"toolgateKeys"> | null): boolean =>
  key !== null && whyUnusable(key, Date.now()) === undefined;

/** What a key says beside its role: the tools and constraints that narrow it, and whether its agent works without a user. */
export interface Restrictions {
  readonly tools?: readonly string[] | undefined;
  readonly unattended?: boolean | undefined;
  readonly constraints?: Infer<ReturnType<typeof constraintsValidator>> | undefined;
}

/** Returns the constraints on the arguments of one tool. */
export const constraintsOn = (
  { constraints = {} }: Restrictions,
  tool: string,
): Constraints | undefined => (Object.hasOwn(constraints, tool) ? constraints[tool] : undefined);
