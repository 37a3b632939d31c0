/** Makes keys. Only here does the whole key exist. It runs in actions, because only they get random bytes from the system. */
import { v, type Infer } from "convex/values";
import { refuse } from "../base/refuse";
import { keyEnvValidator } from "../data/values";
import { mintKey, type KeyEnv } from "../auth/keyFormat";
import { keyInfoValidator } from "./keyInfo";
import { hashKey, PEPPER_HELP, readPeppers } from "../auth/pepper";

/** The stored part of a key itself: its id and hash, without the secret. */
export const hashedValidator = v.object({
  keyId: v.string(),
  env: keyEnvValidator(),
  pepperId: v.string(),
  hash: v.string(),
});

export type HashedKey = Infer<typeof hashedValidator>;

/** The reply to a new key. The whole key is shown only here. */
export const issuedValidator = v.object({ key: v.string(), ...keyInfoValidator.fields });

export type IssuedKey = Infer<typeof issuedValidator>;

/**
 * Makes a key and hashes it under the first pepper. Nothing is stored.
 *
 * @throws ConvexError `no_pepper` while TOOLGATE_PEPPERS is unset or malformed.
 */
export const mint = async (env: KeyEnv): Promise<{ key: string; hashed: HashedKey }> => {
  const [pepper] = readPeppers();
  if (pepper === undefined) return refuse("no_pepper", PEPPER_HELP);
  const { key, keyId } = await mintKey(env);
  return { key, hashed: { keyId, env, pepperId: pepper.id, hash: await hashKey(pepper, key) } };
};
