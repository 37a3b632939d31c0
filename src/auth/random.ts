/** Random texts for secrets and ids. Only actions get random bytes from the system on Convex. */

/** The 62 letters and digits, in the order of their values. */
export const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Returns random bytes from the system. `crypto.getRandomValues` draws from a per-call seed on Convex. To generate an HMAC key asks
 * the system itself, which Convex allows in actions only.
 */
const systemRandomBytes = async (): Promise<Uint8Array> => {
  const algorithm = { name: "HMAC", hash: "SHA-512", length: 1024 };
  const key = await crypto.subtle.generateKey(algorithm, true, ["sign"]);
  return new Uint8Array(await crypto.subtle.exportKey("raw", key));
};

/**
 * Returns `length` random characters of an alphabet. Bytes from the last multiple of its size on are thrown away, so all characters
 * are equally likely. Runs in actions only.
 *
 * @param alphabet - at most 256 characters; letters and digits unless stated.
 */
export const randomText = async (length: number, alphabet: string = ALPHABET): Promise<string> => {
  const end = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of await systemRandomBytes())
      if (byte < end) text += alphabet.charAt(byte % alphabet.length);
  }
  return text.slice(0, length);
};
