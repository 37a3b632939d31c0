/** Signed texts for clients to carry: what the server would otherwise have to remember. Anyone can read them, nobody can change them. */
import { hashKey, sameHash, type Pepper } from "./pepper";

/** A signature for one purpose is none for another, and none for a key. */
const sign = (pepper: Pepper, purpose: string, text: string): Promise<string> =>
  hashKey(pepper, `${purpose}:${text}`);

/**
 * Signs `text` under the first pepper.
 *
 * @returns `text`, a dot, and HMAC-SHA-256 in base64url.
 */
export const seal = async (
  [pepper]: readonly Pepper[],
  purpose: string,
  text: string,
): Promise<string> => {
  if (pepper === undefined) throw new Error("There is no pepper to sign with");
  return `${text}.${await sign(pepper, purpose, text)}`;
};

/** The text of a seal that any of the peppers made for this purpose; undefined for anything else. When it was made is not checked. */
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
