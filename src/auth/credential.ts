/** Compares the key or token that a request carries with the stored row. */
import type { Infer } from "convex/values";
import type { Doc, GateReader } from "../data/database";
import type { constraintsValidator } from "../data/values";
import type { Constraints } from "./constraints";
import type { Fixed } from "./fixed";
import { hashKey, sameHash, type Pepper } from "./pepper";

/** A secret's hash under every pepper. Only the row says which pepper counts. */
export type Hashes = readonly { readonly pepperId: string; readonly hash: string }[];

/** The claim of a request: the id of a key, and the key's hashes. */
export interface KeyCredential {
  readonly keyId: string;
  readonly hashes: Hashes;
}

/** The claim of a request by OAuth: the id of a grant, and the hashes of its family secret. */
export interface GrantCredential {
  readonly grantId: string;
  readonly hashes: Hashes;
}

export type Credential = KeyCredential | GrantCredential;

/** Hashes a secret under every pepper, so that the secret itself need not reach the database. */
export const hashesOf = async (secret: string, peppers: readonly Pepper[]): Promise<Hashes> => {
  const hashes: Hashes[number][] = [];
  for (const pepper of peppers)
    hashes.push({ pepperId: pepper.id, hash: await hashKey(pepper, secret) });
  return hashes;
};

/** The credential of a key. */
export const credentialOf = async (
  key: string,
  keyId: string,
  peppers: readonly Pepper[],
): Promise<KeyCredential> => ({ keyId, hashes: await hashesOf(key, peppers) });

/** Finds a key by its public id; null if there is none. Whether it may be used is not checked. */
export const findKey = (db: GateReader, keyId: string): Promise<Doc<"toolgateKeys"> | null> =>
  db
    .query("toolgateKeys")
    .withIndex("by_keyId", (q) => q.eq("keyId", keyId))
    .unique();

/** A row that keeps the hash of a secret. A row without one has no secret that could be proven. */
interface Hashed {
  readonly pepperId?: string;
  readonly hash?: string;
}

/** Whether the hashes prove the secret of a row. Whether the row may still be used is not checked. */
export const isProven = ({ pepperId, hash }: Hashed, hashes: Hashes): boolean => {
  const claimed = hashes.find((one) => one.pepperId === pepperId);
  return hash !== undefined && claimed !== undefined && sameHash(hash, claimed.hash);
};

/** The reason why a key with the right secret may not be used. */
export type WhyUnusable = "revoked" | "rotated" | "expired";

/** Undefined if the key may be used. `now` is in milliseconds since 1970. */
export const whyUnusable = (key: Doc<"toolgateKeys">, now: number): WhyUnusable | undefined => {
  if (key.revokedAt !== undefined) return "revoked";
  if (key.graceUntil !== undefined && key.graceUntil <= now) return "rotated";
  return key.expiresAt <= now ? "expired" : undefined;
};

/** What a key and its connection say beside the role: what narrows it, and whether the agent works without a user. */
export interface Restrictions {
  readonly tools?: readonly string[] | undefined;
  readonly unattended?: boolean | undefined;
  /** True if only what reads may be used. */
  readonly readOnly?: true | undefined;
  readonly constraints?: Infer<ReturnType<typeof constraintsValidator>> | undefined;
  readonly fixed?: Fixed | undefined;
  /** Names of tools, or beginnings of names with a `*`, whose calls somebody must approve. */
  readonly approval?: readonly string[] | undefined;
}

/** Returns the constraints on the arguments of one tool. */
export const constraintsOn = (
  { constraints = {} }: Restrictions,
  tool: string,
): Constraints | undefined => (Object.hasOwn(constraints, tool) ? constraints[tool] : undefined);
