/**
 * Keys are stored as HMAC-SHA-256 under a pepper from the environment. So a backup of the database does not reveal a key, and write
 * access to it is not enough to forge one. A slow hash would add nothing to 256 random bits.
 *
 * Peppers have ids, and each row names its pepper. So new keys can use a new pepper while the old keys still verify.
 *
 * @see OWASP ASVS 5.0, 11.4 (hashing) and 13.3 (secrets outside the code)
 */
import { Base64 } from "convex/values";

/** One pepper. `secret` has 32 or more characters. */
export interface Pepper {
  readonly id: string;
  readonly secret: string;
}

/** The message for the operator if there is no usable pepper. */
export const PEPPER_HELP =
  "TOOLGATE_PEPPERS must be id:secret[,id:secret…], each secret with 32 or more characters";

const pepperPattern = /^([\w-]{1,32}):(.{32,})$/;

/**
 * Reads `id:secret[,id:secret…]`.
 *
 * @returns the peppers, the one for new keys first. None if `text` is unset or any part of it is malformed: a half-read list
 * would refuse good keys silently.
 */
export const parsePeppers = (text: string | undefined): readonly Pepper[] => {
  const peppers: Pepper[] = [];
  for (const part of (text ?? "").split(",")) {
    const [, id, secret] = pepperPattern.exec(part.trim()) ?? [];
    if (id === undefined || secret === undefined) return [];
    peppers.push({ id, secret });
  }
  return peppers;
};

/**
 * Reads the peppers of this deployment from TOOLGATE_PEPPERS; none if it is unset or malformed. It reads them anew each time, because
 * the environment can change without a new deploy.
 */
export const readPeppers = (): readonly Pepper[] => parsePeppers(process.env.TOOLGATE_PEPPERS);

/** Returns the HMAC-SHA-256 of the whole key under a pepper, as base64url without padding. */
export const hashKey = async ({ secret }: Pepper, key: string): Promise<string> => {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmacKey = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const mac = await crypto.subtle.sign("HMAC", hmacKey, encoder.encode(key));
  return Base64.fromByteArrayUrlSafeNoPadding(new Uint8Array(mac));
};

/** Whether two hashes are equal. The time depends on their lengths only, so it does not leak where they differ. */
export const sameHash = (a: string, b: string): boolean => {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
};
