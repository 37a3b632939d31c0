/**
 * Keys are stored as HMAC-SHA-256 under a pepper from the environment, so that neither a backup of the database nor write access
 * to it yields or forges a key. A slow hash would add nothing to 256 random bits.
 *
 * Peppers are versioned: each row names the one it was hashed under, so a new pepper can be put in front while old keys verify.
 *
 * @see OWASP ASVS 5.0, 11.4 (hashing) and 13.3 (secrets outside the code)
 */
import { Base64 } from "convex/values";

export interface Pepper {
  readonly id: string;
  readonly secret: string;
}

/** What to tell the operator when there is no usable pepper. */
export const PEPPER_HELP =
  "TOOLGATE_PEPPERS must be id:secret[,id:secret…], each secret with 32 or more characters";

const pepperPattern = /^([\w-]{1,32}):(.{32,})$/;

/**
 * Reads `id:secret[,id:secret…]`.
 *
 * @returns the peppers, the one for new keys first; none if `text` is unset, or if any part of it is malformed: a half-read
 * list would refuse good keys without a word.
 */
const parsePeppers = (text: string | undefined): readonly Pepper[] => {
  const parts = (text ?? "").split(",").map((part) => pepperPattern.exec(part.trim()));
  const peppers = parts.flatMap((match) =>
    match ? [{ id: match[1] ?? "", secret: match[2] ?? "" }] : [],
  );
  return peppers.length === parts.length ? peppers : [];
};

/** The peppers of this deployment, read anew each time: Convex runs a changed environment with the code it has. */
export const readPeppers = (): readonly Pepper[] => parsePeppers(process.env.TOOLGATE_PEPPERS);

/** HMAC-SHA-256 of the whole key, base64url. */
export const hashKey = async ({ secret }: Pepper, key: string): Promise<string> => {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmacKey = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const mac = await crypto.subtle.sign("HMAC", hmacKey, encoder.encode(key));
  return Base64.fromByteArrayUrlSafeNoPadding(new Uint8Array(mac));
};

/** Compares two hashes in a time that depends on their lengths alone. */
export const sameHash = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
};
