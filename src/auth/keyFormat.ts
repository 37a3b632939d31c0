/**
 * The form of an API key: `cvxmcp_<live|test>_<id:12>_<secret:43><checksum:6>`. A double-click selects all of it.
 *
 * The secret is 43 base62 characters, 256 bits. The checksum is the CRC-32 of all characters before it. It adds no security, but a
 * mistyped or made-up key costs no Convex call, and secret scanners can tell a key from noise.
 *
 * @see https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
 */
import type { Infer } from "convex/values";
import type { keyEnvValidator } from "../data/values";
import { ALPHABET, randomText } from "./random";

const ID_LENGTH = 12;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

export type KeyEnv = Infer<ReturnType<typeof keyEnvValidator>>;

const pattern = /^(cvxmcp_(?:live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** CRC-32 (ISO 3309) of ASCII text, bit by bit. Convex would build a table anew for every request. */
const crc32 = (text: string): number => {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
};

const checksum = (text: string): string => {
  let digits = "";
  for (let rest = crc32(text); rest > 0; rest = Math.floor(rest / 62)) {
    digits = ALPHABET.charAt(rest % 62) + digits;
  }
  return digits.padStart(CHECKSUM_LENGTH, "0");
};

/** Makes a new key and its public id. Runs in actions only. */
export const mintKey = async (env: KeyEnv): Promise<{ key: string; keyId: string }> => {
  const random = await randomText(ID_LENGTH + SECRET_LENGTH);
  const keyId = random.slice(0, ID_LENGTH);
  const body = `cvxmcp_${env}_${keyId}_${random.slice(ID_LENGTH)}`;
  return { key: body + checksum(body), keyId };
};

/**
 * Reads the public id from a key. Whether the key was ever issued is not checked.
 *
 * @returns undefined if `text` does not have the form of a key, or its checksum is wrong.
 */
export const parseKey = (text: string): { keyId: string } | undefined => {
  const [, body = "", keyId = "", sum] = pattern.exec(text) ?? [];
  return sum !== undefined && checksum(body) === sum ? { keyId } : undefined;
};
