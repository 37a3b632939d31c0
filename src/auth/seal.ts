/** Signed texts that clients carry, so that the server need not store them. The client can read them but cannot change them. */
import { hashKey, sameHash, type Pepper } from "./pepper";

/** The purpose is part of the signed text, so a signature counts neither for another purpose nor as the hash of a key. */
const sign = (pepper: Pepper, purpose: string, text: string): Promise<string> =>
  hashKey(pepper, `${purpose}:${text}`);

/**
 * Signs `text` under the first pepper. `text` stays readable.
 *
 * @returns `text`, a dot, and HMAC-SHA-256 in base64url.
 * @throws Error if there is no pepper.
 */
export const seal = async (
  [pepper]: readonly Pepper[],
  purpose: string,
  text: string,
): Promise<string> => {
  if (pepper === undefined) throw new Error("There is no pepper to sign with");
  return `${text}.${await sign(pepper, purpose, text)}`;
};

/**
 * Verifies a sealed text under each of the peppers. Its age is not checked.
 *
 * @returns the text; undefined if no pepper signed it for this purpose.
 */
export const unseal = async (
  peppers: readonly Pepper[],
  purpose: string,
  sealed: string,
): Promise<string | undefined> => {
  const dot = sealed.lastIndexOf(".");
  const text = sealed.slice(0, Math.max(0, dot));
  const mac = sealed.slice(dot + 1);
  for (const pepper of peppers) {
    if (sameHash(await sign(pepper, purpose, text), mac)) return text;
  }
  return undefined;
};
