import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutKeys } from "../base/text";
import { mintKey, parseKey } from "./keyFormat";

const vector = `cvxmcp_test_000000000001_${"A".repeat(43)}0UkcOo`;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The value of a base62 text. */
const valueOf = (text: string): number =>
  [...Array(text.length).keys()].reduce((sum, at) => sum * 62 + DIGITS.indexOf(text.charAt(at)), 0);

test("the published vector", () => {
  expect(parseKey(vector)).toEqual({ keyId: "000000000001" });
  expect(vector).toHaveLength(74);
  expect(valueOf(vector.slice(-6))).toBe(crc32(vector.slice(0, -6)));
});

describe("minted keys", async () => {
  const minted = await Promise.all(
    Array.from({ length: 2000 }, (_, i) => mintKey(i % 2 === 0 ? "live" : "test")),
  );

  test("are all different, in their ids too", () => {
    expect(new Set(minted.map(({ key }) => key)).size).toBe(2000);
    expect(new Set(minted.map(({ keyId }) => keyId)).size).toBe(2000);
  });

  test("parse, have the checksum that zlib has, and are found in a text", () => {
    for (const [i, { key, keyId }] of minted.entries()) {
      expect(parseKey(key)).toEqual({ keyId });
      expect(key.startsWith(`cvxmcp_${i % 2 === 0 ? "live" : "test"}_${keyId}_`)).toBe(true);
      expect(key).toHaveLength(74);
      expect(valueOf(key.slice(-6))).toBe(crc32(key.slice(0, -6)));
      expect(withoutKeys(`key=${key}, and so on`)).toBe("key=[redacted], and so on");
    }
  });

  test("use all 62 characters, none much more than another", () => {
    const counts = new Map<string, number>();
    for (const { key } of minted)
      for (const char of key.slice(12, 24) + key.slice(25, 68))
        counts.set(char, (counts.get(char) ?? 0) + 1);
    expect([...counts.keys()].sort().join("")).toBe(DIGITS);
    const expected = (2000 * 55) / 62;
    // Six standard deviations.
    for (const count of counts.values()) {
      expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected));
    }
  });
});

describe("a key with a mistake in it is none", () => {
  const key = fc.constantFrom(vector).chain((published) =>
    fc.oneof(
      fc.constant(published),
      // Any shape-valid key, with its right checksum.
      fc
        .string({ unit: fc.constantFrom(...Array.from(DIGITS)), minLength: 55, maxLength: 55 })
        .map((random) => {
          const body = `cvxmcp_live_${random.slice(0, 12)}_${random.slice(12)}`;
          let digits = "";
          for (let rest = crc32(body), i = 0; i < 6; i++, rest = Math.floor(rest / 62)) {
            digits = DIGITS.charAt(rest % 62) + digits;
          }
          return body + digits;
        }),
    ),
  );
  const printable = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code));

  test("20,000 keys with one character changed", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        key,
        fc.nat(73),
        fc.oneof(fc.constantFrom(...Array.from(DIGITS)), printable),
        (good, at, char) => {
          fc.pre(good[at] !== char);
          if (parseKey(good.slice(0, at) + char + good.slice(at + 1)) !== undefined) accepted++;
        },
      ),
      { numRuns: 20_000 },
    );
    expect(accepted).toBe(0);
  });

  test("every single character of the vector, by every digit", () => {
    for (let at = 0; at < vector.length; at++) {
      for (const char of DIGITS.replace(vector.charAt(at), "")) {
        expect(parseKey(vector.slice(0, at) + char + vector.slice(at + 1))).toBeUndefined();
      }
    }
  });

  test("a character left out, doubled, added, or swapped with its neighbour", () => {
    for (let at = 0; at < vector.length; at++) {
      const [before, char, after] = [vector.slice(0, at), vector.charAt(at), vector.slice(at + 1)];
      expect(parseKey(before + after)).toBeUndefined();
      expect(parseKey(before + char + char + after)).toBeUndefined();
      const next = after.charAt(0);
      if (next !== char && next !== "") {
        expect(parseKey(before + next + char + after.slice(1))).toBeUndefined();
      }
    }
  });

  test.each([
    "",
    "cvxmcp_",
    ` ${vector}`,
    `${vector} `,
    `${vector}\n`,
    `\n${vector}`,
    `${vector}\0`,
    `${vector}${vector}`,
    `${vector},${vector}`,
    vector.toUpperCase(),
    vector.toLowerCase(),
    vector.replaceAll("_", "-"),
    vector.replace("A", "\u0410"),
    encodeURIComponent(`${vector}=`),
  ])("%j", (text) => {
    expect(parseKey(text)).toBeUndefined();
  });

  test("no text at all that is not 74 characters long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(parseKey(text)).toBeUndefined();
        expect(parseKey(`cvxmcp_live_${text}`)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});
