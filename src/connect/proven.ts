/**
 * The proof of a key between the two steps of the form. The key itself does not travel again; its hashes do, signed for one request.
 * So a leaked pepper alone does not forge the proof: whoever makes one up must know the hash of the key too.
 */
import type { KeyCredential } from "../auth/credential";
import type { Pepper } from "../auth/pepper";
import { seal, unseal } from "../auth/seal";

const purposeOf = (id: string): string => `proven for ${id}`;

/** Neither ids nor hashes have it. */
const BETWEEN = "~";

/** @param id - of the request that the proof is good for, and of no other. */
export const sealProof = (
  peppers: readonly Pepper[],
  id: string,
  { keyId, hashes }: KeyCredential,
): Promise<string> => {
  const parts = hashes.flatMap(({ pepperId, hash }) => [pepperId, hash]);
  return seal(peppers, purposeOf(id), [keyId, ...parts].join(BETWEEN));
};

/** Reads a proof; undefined if this deployment did not seal it for this request. */
export const openProof = async (
  peppers: readonly Pepper[],
  id: string,
  sealed: string,
): Promise<KeyCredential | undefined> => {
  const text = await unseal(peppers, purposeOf(id), sealed);
  if (text === undefined) return undefined;
  const [keyId = "", ...parts] = text.split(BETWEEN);
  const hashes = parts.flatMap((pepperId, at) =>
    at % 2 === 0 ? [{ pepperId, hash: parts[at + 1] ?? "" }] : [],
  );
  return { keyId, hashes };
};
