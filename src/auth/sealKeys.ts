/**
 * The keys that seal the audit log, from TOOLGATE_SEAL_KEYS, in the form of the peppers. Without it the peppers do. A pepper that no key of a
 * client needs any more can be listed there behind another one, so that what it sealed can still be checked.
 */
import { hashKey, parsePeppers, PEPPER_HELP, readPeppers, sameHash, type Pepper } from "./pepper";

const HELP =
  "TOOLGATE_SEAL_KEYS must be id:secret[,id:secret…], each secret with 32 or more characters";

/** Reads the keys that are only for seals. */
const ownKeys = (): readonly Pepper[] => {
  const text = process.env.TOOLGATE_SEAL_KEYS;
  const keys = text === undefined ? [] : parsePeppers(text);
  if (text !== undefined && keys.length === 0) throw new Error(HELP);
  return keys;
};

/**
 * The key for new seals: the first of TOOLGATE_SEAL_KEYS, or else of TOOLGATE_PEPPERS.
 *
 * @throws Error if the first is malformed, or the second is needed and is not usable.
 */
export const sealingKey = (): Pepper => {
  const [key] = [...ownKeys(), ...readPeppers()];
  if (key === undefined) throw new Error(PEPPER_HELP);
  return key;
};

/** All keys that may have made a seal. */
export const checkingKeys = (): readonly Pepper[] => [...ownKeys(), ...readPeppers()];

/** The keys that can be read now. Who only looks whether there is something to do goes on without the others. */
export const usableKeys = (): readonly Pepper[] => [
  ...parsePeppers(process.env.TOOLGATE_SEAL_KEYS),
  ...readPeppers(),
];

/** The purpose is part of the signed text: no seal is the hash of a client's key, or of what clients carry. */
const PURPOSE = "audit-seal";

/** Signs a text for the audit log: HMAC-SHA-256 as base64url. */
export const signForAudit = (key: Pepper, text: string): Promise<string> =>
  hashKey(key, `${PURPOSE}:${text}`);

/** Whether the key with this id has signed the text; undefined if there is none. Two keys may have one id: either counts. */
export const hasSigned = async (
  keys: readonly Pepper[],
  { key: id, mac }: { readonly key: string; readonly mac: string },
  text: string,
): Promise<boolean | undefined> => {
  const named = keys.filter((key) => key.id === id);
  for (const key of named) if (sameHash(await signForAudit(key, text), mac)) return true;
  return named.length === 0 ? undefined : false;
};
