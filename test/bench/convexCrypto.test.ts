/** The benchmarks' stand-in for WebCrypto answers as Node's does, and leaves to it what it does not know. */
import { expect, test } from "vitest";
import { useConvexCrypto } from "../../bench/lib/convexCrypto";

const { subtle } = crypto;

const HMAC = { name: "HMAC", hash: "SHA-256" };

const answers = async (length: number) => {
  const data = new Uint8Array(length + 1).fill(length).subarray(1);
  const key = await subtle.importKey("raw", new Uint8Array(70).fill(1), HMAC, false, ["sign"]);
  const bigger = { name: "HMAC", hash: "SHA-512" };
  const nodes = await subtle.importKey("raw", new Uint8Array(70), bigger, false, ["sign"]);
  const made = await Promise.all([
    ...[subtle.digest("SHA-256", data), subtle.digest("SHA-512", data)],
    ...[subtle.sign("HMAC", key, data), subtle.sign("HMAC", nodes, data)],
  ]);
  return made.map((bytes) => [bytes instanceof ArrayBuffer, Buffer.from(bytes).toString("hex")]);
};

test("its answers are those of Node's", async () => {
  const lengths = [0, 55, 64, 1_000];
  const expected = await Promise.all(lengths.map(answers));
  useConvexCrypto();
  try {
    expect(Object.keys(subtle)).toEqual(["digest", "importKey", "sign"]);
    expect(await Promise.all(lengths.map(answers))).toEqual(expected);
  } finally {
    // Node's own stand on the prototype.
    for (const name of Object.keys(subtle)) Reflect.deleteProperty(subtle, name);
  }
});
