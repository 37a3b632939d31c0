/**
 * WebCrypto as Convex has it. In Node each of its operations is a job of libuv's thread pool, and the way there and back takes
 * many times as long as the hash of a key. On Convex they are async functions around an operation that runs at once, in the
 * isolate's own thread.
 *
 * @see convex-backend, npm-packages/udf-runtime/src/00_crypto.ts (`performOp` in every method of `SubtleCrypto`),
 * crates/isolate/src/ops/subtle_crypto/mod.rs (`op_crypto_subtle_digest`, `…_sign`, `…_verify`)
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

type Import = (
  ...args: [string, BufferSource, AlgorithmIdentifier, boolean, KeyUsage[]]
) => Promise<CryptoKey>;

/** Node's own: its methods are its prototype's, so what is put on it hides them and can be taken off again. */
const { subtle } = crypto;
const { digest, sign, verify } = subtle;
const importKey = subtle.importKey as unknown as Import;

/** The secrets of the keys that were imported here; all others are Node's. */
const secrets = new WeakMap<CryptoKey, Uint8Array>();

const bytesOf = (data: BufferSource): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

const isNamed = (algorithm: unknown, name: string): boolean =>
  algorithm === name || (algorithm as { name?: unknown } | undefined)?.name === name;

const hmac = (secret: Uint8Array, data: BufferSource): ArrayBuffer =>
  new Uint8Array(createHmac("sha256", secret).update(bytesOf(data)).digest()).buffer;

/** The secret of a key that was imported here for this use. */
const secretFor = (key: CryptoKey, use: KeyUsage): Uint8Array | undefined =>
  key.usages.includes(use) ? secrets.get(key) : undefined;

/** HMAC with SHA-256 and a raw key that stays inside: the one kind of key that any server here imports. */
const isKnown = (format: string, algorithm: unknown, extractable: boolean): boolean =>
  format === "raw" &&
  !extractable &&
  isNamed(algorithm, "HMAC") &&
  isNamed((algorithm as HmacImportParams).hash, "SHA-256");

const newKey = (data: BufferSource, usages: KeyUsage[]): CryptoKey => {
  const secret = bytesOf(data).slice();
  const algorithm = { name: "HMAC", hash: { name: "SHA-256" }, length: 8 * secret.length };
  const key: CryptoKey = { type: "secret", extractable: false, algorithm, usages: [...usages] };
  secrets.set(key, secret);
  return key;
};

interface AtOnce extends Pick<SubtleCrypto, "digest" | "sign" | "verify"> {
  readonly importKey: Import;
}

const atOnce: AtOnce = {
  digest: async (algorithm, data) =>
    isNamed(algorithm, "SHA-256")
      ? new Uint8Array(createHash("sha256").update(bytesOf(data)).digest()).buffer
      : digest.call(subtle, algorithm, data),
  importKey: async (format, data, algorithm, extractable, usages) =>
    isKnown(format, algorithm, extractable)
      ? newKey(data, usages)
      : importKey.call(subtle, format, data, algorithm, extractable, usages),
  sign: async (algorithm, key, data) => {
    const secret = secretFor(key, "sign");
    return secret === undefined ? sign.call(subtle, algorithm, key, data) : hmac(secret, data);
  },
  verify: async (algorithm, key, signature, data) => {
    const secret = secretFor(key, "verify");
    if (secret === undefined) return verify.call(subtle, algorithm, key, signature, data);
    const [claimed, expected] = [bytesOf(signature), new Uint8Array(hmac(secret, data))];
    return claimed.length === expected.length && timingSafeEqual(claimed, expected);
  },
};

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** What the methods answer for data and a secret of these lengths, as text. */
const answers = async (length: number, secretLength: number): Promise<string> => {
  const data = new Uint8Array(length).fill(length);
  const secret = new Uint8Array(secretLength).fill(secretLength);
  const key = await subtle.importKey("raw", secret, HMAC, false, ["sign", "verify"]);
  const mac = await subtle.sign("HMAC", key, data);
  const hash = await subtle.digest("SHA-256", data);
  const isGood = await subtle.verify("HMAC", key, mac, data);
  const isBad = await subtle.verify("HMAC", key, hash, data);
  const { usages, algorithm } = key;
  return JSON.stringify([...[mac, hash].map(hex), isGood, isBad, usages, algorithm]);
};

const hex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString("hex");

/** Around the lengths at which SHA-256 takes another block and HMAC hashes the secret itself. */
const allAnswers = (): Promise<string[]> =>
  Promise.all([0, 1, 55, 64, 1000].flatMap((n) => [1, 64, 65].map((m) => answers(n, m))));

/** From now on all servers of this process get Node's own WebCrypto. */
export const useNodeCrypto = (): void => {
  for (const name of Object.keys(atOnce)) Reflect.deleteProperty(subtle, name);
};

/** From now on they get Convex's. @throws Error if its answers are not those of Node's. */
export const useConvexCrypto = async (): Promise<void> => {
  useNodeCrypto();
  const expected = await allAnswers();
  Object.assign(subtle, atOnce);
  const found = await allAnswers();
  if (found.join() !== expected.join()) throw new Error("The stand-in for WebCrypto is wrong");
};
