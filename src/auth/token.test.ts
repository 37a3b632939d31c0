/** Codes and tokens: only this deployment makes them, each for one purpose and one resource, and a broken one is none. */
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withoutKeys } from "../base/text";
import type { Pepper } from "./pepper";
import { randomText } from "./random";
import {
  ACCESS_SECONDS,
  isTokenLike,
  mintAccessToken,
  openAccessToken,
  openToken,
  sealToken,
  type TokenKind,
} from "./token";

const one: Pepper = { id: "one", secret: "1".repeat(32) };
const two: Pepper = { id: "two", secret: "2".repeat(32) };
const kinds = ["ac", "at", "rt", "dc"] as const satisfies readonly TokenKind[];
const grantId = "abcdefgh01234567";
const secret = "S".repeat(43);

beforeEach(() => vi.stubEnv("CONVEX_SITE_URL", "https://a.convex.site"));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test("an access token says its grant and the family secret, and is short", async () => {
  const token = await mintAccessToken([one], { grantId, secret });
  expect(await openAccessToken([two, one], token)).toEqual({ grantId, secret });
  expect(isTokenLike(token)).toBe(true);
  expect(token.length).toBeLessThan(130);
});

test("it lasts to the second", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const token = await mintAccessToken([one], { grantId, secret });
  vi.setSystemTime(1_800_000_000_000 + ACCESS_SECONDS * 1000 - 1);
  expect(await openAccessToken([one], token)).toBeDefined();
  vi.setSystemTime(1_800_000_000_000 + ACCESS_SECONDS * 1000);
  expect(await openAccessToken([one], token)).toBeUndefined();
});

test("none counts as another kind", async () => {
  for (const made of kinds) {
    const token = await sealToken([one], made, [grantId, secret, 7]);
    for (const read of kinds) {
      const renamed = token.replace(`cvxmcp_${made}_`, `cvxmcp_${read}_`);
      const expected = made === read ? [grantId, secret, "7"] : undefined;
      expect(await openToken([one], read, token)).toEqual(expected);
      expect(await openToken([one], read, renamed)).toEqual(expected);
    }
  }
});

test("none counts for another deployment, another resource or another pepper", async () => {
  const token = await mintAccessToken([one], { grantId, secret });
  expect(await openAccessToken([two], token)).toBeUndefined();
  expect(await openAccessToken([], token)).toBeUndefined();
  vi.stubEnv("CONVEX_SITE_URL", "https://b.convex.site");
  expect(await openAccessToken([one], token)).toBeUndefined();
  vi.stubEnv("TOOLGATE_URL", "https://a.convex.site/anything");
  expect(await openAccessToken([one], token)).toEqual({ grantId, secret });
});

test("without a pepper none is made", async () => {
  await expect(mintAccessToken([], { grantId, secret })).rejects.toThrow("no pepper");
});

describe("a token with a mistake in it is none", () => {
  test("any character changed, left out or added", async () => {
    const token = await mintAccessToken([one], { grantId, secret });
    for (let at = 0; at < token.length; at++) {
      const [before, char, after] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)];
      for (const put of [char === "A" ? "B" : "A", "_", ".", "", `${char}0`])
        if (put !== char)
          expect([at, put, await openAccessToken([one], before + put + after)]).toEqual([
            ...[at, put, undefined],
          ]);
    }
  });

  test("500 flipped bits", async () => {
    const token = await mintAccessToken([one], { grantId, secret });
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.nat(6), async (at, bit) => {
        const code = token.charCodeAt(at) ^ (1 << bit);
        const flipped = token.slice(0, at) + String.fromCharCode(code) + token.slice(at + 1);
        expect(await openAccessToken([one], flipped)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test("any text", async () => {
    const text = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...kinds), async (rest, kind) => {
        expect(await openToken([one], kind, rest)).toBeUndefined();
        expect(await openToken([one], kind, `cvxmcp_${kind}_${rest}`)).toBeUndefined();
      }),
    );
  });
});

test("no text of a log or a row keeps the secret of one", async () => {
  for (const kind of kinds) {
    const random = await randomText(59);
    const parts = [random.slice(0, 16), random.slice(16)];
    const token = await sealToken([one], kind, [...parts, "1800000000"]);
    const left = withoutKeys(`token=${token}, and so on`);
    expect(left).toContain("[redacted]");
    expect(left).toContain(", and so on");
    expect(left).not.toContain(parts[1]!.slice(0, 12));
    expect(left).not.toContain(parts[1]!.slice(-12));
  }
});
