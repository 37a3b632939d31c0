/**
 * WebCrypto as Convex has it. In Node each of its operations is a job of libuv's thread pool, and the way there and back takes
 * many times as long as the hash of a key. On Convex they are async functions around an operation that runs at once, in the
 * isolate's own thread. So do SHA-256 and HMAC with SHA-256 here; all else is Node's.
 *
 * @see convex-backend, npm-packages/udf-runtime/src/00_crypto.ts (`performOp` in every method of `SubtleCrypto`),
 * crates/isolate/src/ops/subtle_crypto/mod.rs (`op_crypto_subtle_digest`, `…_sign`)
 */
import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";

type Subtle = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

const subtle = crypto.subtle as unknown as Subtle;
const { digest, importKey, sign } = subtle;

/** The secrets of the keys that were imported here; all others are Node's. */
const secrets = new WeakMap<object, KeyObject>();

type Made = ReturnType<typeof createHash | typeof createHmac>;

const resultOf = (made: Made, data: unknown): ArrayBuffer =>
  new Uint8Array(made.update(data as Uint8Array).digest()).buffer;

const isHmac = (algorithm: unknown): boolean =>
  JSON.stringify(algorithm) === '{"name":"HMAC","hash":"SHA-256"}';

const atOnce: Subtle = {
  digest: async (algorithm, data) =>
    algorithm === "SHA-256"
      ? resultOf(createHash("sha256"), data)
      : digest?.call(subtle, algorithm, data),
  importKey: async (format, data, algorithm, isExtractable, usages) => {
    if (format !== "raw" || isExtractable !== false || !isHmac(algorithm))
      return importKey?.call(subtle, format, data, algorithm, isExtractable, usages);
    const key = {};
    secrets.set(key, createSecretKey(data as Uint8Array));
    return key;
  },
  sign: async (algorithm, key, data) => {
    const secret = secrets.get(key as object);
    return secret === undefined
      ? sign?.call(subtle, algorithm, key, data)
      : resultOf(createHmac("sha256", secret), data);
  },
};

/** From now on all servers of this process get Convex's. */
export const useConvexCrypto = (): void => void Object.assign(subtle, atOnce);
