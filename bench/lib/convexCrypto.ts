/**
 * WebCrypto as Convex has it. In Node each of its operations is a job of libuv's thread pool, and the way there and back takes
 * many times as long as the hash of a key. On Convex they are async functions around an operation that runs at once, in the
 * isolate's own thread. So do SHA-256 and HMAC with SHA-256 here; all else is Node's.
 *
 * @see convex-backend, npm-packages/udf-runtime/src/00_crypto.ts (`performOp` in every method of `SubtleCrypto`),
 * crates/isolate/src/ops/subtle_crypto/mod.rs (`op_crypto_subtle_digest`, `…_sign`, `…_verify`)
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const { subtle } = crypto;
const { digest, sign, verify } = subtle;
const importKey = subtle.importKey as (...args: unknown[]) => Promise<CryptoKey>;

/** The secrets of the keys that were imported here; all others are Node's. */
const secrets = new WeakMap<CryptoKey, Uint8Array>();

const bytesOf = (data: BufferSource): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

type ImportArgs = [string, BufferSource, HmacImportParams, boolean, KeyUsage[]];

const newKey = (data: BufferSource, usages: KeyUsage[]): CryptoKey => {
  const secret = bytesOf(data).slice();
  const algorithm = { name: "HMAC", hash: { name: "SHA-256" }, length: 8 * secret.length };
  const key: CryptoKey = { type: "secret", extractable: false, algorithm, usages: [...usages] };
  secrets.set(key, secret);
  return key;
};

const secretFor = (key: CryptoKey, use: KeyUsage): Uint8Array | undefined =>
  key.usages.includes(use) ? secrets.get(key) : undefined;

const hmac = (secret: Uint8Array, data: BufferSource): Uint8Array =>
  new Uint8Array(createHmac("sha256", secret).update(bytesOf(data)).digest());

const isNamed = (algorithm: unknown, name: string): boolean =>
  algorithm === name || (algorithm as { name?: unknown } | undefined)?.name === name;

const atOnce = {
  digest: async (algorithm: AlgorithmIdentifier, data: BufferSource) =>
    isNamed(algorithm, "SHA-256")
      ? new Uint8Array(createHash("sha256").update(bytesOf(data)).digest()).buffer
      : digest.call(subtle, algorithm, data),
  importKey: async (...args: ImportArgs) => {
    const [format, data, algorithm, extractable, usages] = args;
    const isHere = format === "raw" && !extractable && isNamed(algorithm, "HMAC");
    return isHere && isNamed(algorithm.hash, "SHA-256")
      ? newKey(data, usages)
      : importKey.apply(subtle, args);
  },
  sign: async (algorithm: AlgorithmIdentifier, key: CryptoKey, data: BufferSource) => {
    const secret = secretFor(key, "sign");
    return secret ? hmac(secret, data).buffer : sign.call(subtle, algorithm, key, data);
  },
  verify: async (...args: [AlgorithmIdentifier, CryptoKey, BufferSource, BufferSource]) => {
    const [, key, signature, data] = args;
    const secret = secretFor(key, "verify");
    if (secret === undefined) return verify.apply(subtle, args);
    const [claimed, expected] = [bytesOf(signature), hmac(secret, data)];
    return claimed.length === expected.length && timingSafeEqual(claimed, expected);
  },
};

const answers = async (length: number): Promise<string> => {
  const data = new Uint8Array(length).fill(length);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = new Uint8Array(64);
  const key = await subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
  const [mac, hash] = [await subtle.sign("HMAC", key, data), await subtle.digest("SHA-256", data)];
  const isGood = await subtle.verify("HMAC", key, mac, data);
  const isBad = await subtle.verify("HMAC", key, hash, data);
  return JSON.stringify([...Buffer.from(mac), ...Buffer.from(hash), isGood, isBad]);
};

/** From now on all servers of this process get Convex's. @throws Error if its answers are not those of Node's. */
export const useConvexCrypto = async (): Promise<void> => {
  const lengths = [0, 55, 64, 1000];
  const expected = await Promise.all(lengths.map(answers));
  Object.assign(subtle, atOnce);
  const found = await Promise.all(lengths.map(answers));
  if (found.join() !== expected.join()) throw new Error("The stand-in for WebCrypto is wrong");
};
