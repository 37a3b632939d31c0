import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutKeys } from "./text";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".split("");

const base62 = (length: number) =>
  fc.string({ unit: fc.constantFrom(...DIGITS), minLength: length, maxLength: length });

const head = fc.tuple(fc.constantFrom("cvxmcp_live_", "cvxmcp_test_"), base62(12));
const tail = fc.tuple(base62(43), base62(6));

/** A key, whole or most of it, and whether its beginning is there. */
const part = fc.tuple(head, tail, fc.integer({ min: 0, max: 5 })).map(([first, last, which]) => {
  const [marker, id] = first;
  const [secret, sum] = last;
  const whole = `${marker}${id}_${secret}${sum}`;
  const parts = [whole, whole.slice(0, -1), whole.slice(0, -6)];
  const unmarked = [secret + sum, secret, secret.slice(0, -1)];
  return { text: [...parts, ...unmarked][which]!, isMarked: which < parts.length };
});

const gap = fc.constantFrom(" ", "\n", "\r\n", "\t", "_", "\u200b", "\u2060", "\u00ad", "\ufeff");

/** What may stand behind each letter: mostly nothing. */
const gaps = fc.array(fc.option(gap, { freq: 8, nil: "" }), { minLength: 80, maxLength: 80 });
const oneGap = fc
  .tuple(fc.nat(80), gap)
  .map(([at, sign]) => Array.from({ length: 81 }, (_, i) => (i === at ? sign : "")));

const broken = (text: string, breaks: readonly string[]): string =>
  text
    .split("")
    .map((char, i) => char + (breaks[i] ?? ""))
    .join("");

const cases = {
  same: (text: string) => text,
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
};

const hexOf = (text: string) => Buffer.from(text).toString("hex");

const coded: Record<string, (text: string) => string> = {
  not: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 of more": (text) => Buffer.from(`ada:${text}`).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 in lines": (text) => Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\r\n"),
  percent: (text) => hexOf(text).replace(/../g, "%$&"),
  hex: hexOf,
  "JSON escapes": (text) => hexOf(text).replace(/../g, "\\u00$&"),
};

/** Letter by letter, as JSON in JSON. */
const apart = (text: string): string =>
  JSON.stringify(JSON.stringify(text.split("").join("\u0007")));

const around = fc.constantFrom(
  ["", ""],
  ["my key is ", " thanks"],
  ['{"note":"Key: ', '"}'],
  ["https://x.example/?key=", "&page=2"],
  ["Authorization: Basic ", "\n"],
);

/** The length of the longest piece of `text` that is still in `left`. */
const longestLeft = (text: string, left: string): number => {
  let longest = 0;
  for (let at = 0; at < text.length; at++)
    while (at + longest < text.length && left.includes(text.slice(at, at + longest + 1))) longest++;
  return longest;
};

/** Whether more than 26 letters of a secret are left, or as much of their encoding. */
const leaks = (text: string, mangled: string, [before, after]: readonly string[]): boolean => {
  const left = withoutKeys(`${before ?? ""}${mangled}${after ?? ""}`);
  return longestLeft(mangled, left) > 26 * (mangled.length / text.length);
};

/**
 * A bare secret is found by how little it looks like words, so chance may hide one: none in 10,000 that are whole or broken a few times,
 * three in 1,000 that are broken at each letter. The same samples each time, or such a one fails a run that changed nothing.
 */
const seed = 20_261_128;

describe("of a key no more than 26 letters of its secret are left", () => {
  test("whole or not, in any case, in any encoding", () => {
    const code = fc.constantFrom(...Object.keys(coded));
    const letterCase = fc.constantFrom(...Object.values(cases));
    fc.assert(
      fc.property(part, letterCase, code, around, ({ text }, written, way, place) => {
        expect([way, leaks(text, coded[way]!(written(text)), place)]).toEqual([way, false]);
      }),
      { numRuns: 400, seed },
    );
  });

  test("and broken by spaces, line breaks or invisible characters, once or often", () => {
    fc.assert(
      fc.property(part, fc.oneof(gaps, oneGap), around, ({ text }, breaks, place) => {
        expect(leaks(text, broken(text, breaks), place)).toBe(false);
      }),
      { numRuns: 400, seed },
    );
  });

  test("broken and in capitals too, unless by rare chance it reads like words", () => {
    const keys = fc.sample(fc.tuple(part, fc.oneof(gaps, oneGap), around), { numRuns: 500, seed });
    const leaking = keys.filter(([{ text }, breaks, place]) =>
      leaks(text, broken(text.toUpperCase(), breaks), place),
    );
    expect(leaking.length).toBeLessThan(3);
    expect(leaking.filter(([{ isMarked }]) => isMarked)).toEqual([]);
  });

  test.each(Object.entries(cases))(
    "letter by letter, but for rare chance: %s case",
    (_, written) => {
      const keys = fc.sample(fc.tuple(part, around), { numRuns: 2000, seed });
      const leaking = keys.filter(([{ text }, place]) => leaks(text, apart(written(text)), place));
      expect(leaking.length).toBeLessThan(10);
      expect(leaking.filter(([{ isMarked }]) => isMarked)).toEqual([]);
    },
  );

  test("several in one text", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 6 }), gap, (parts, sign) => {
        const texts = parts.map(({ text }) => text);
        const left = withoutKeys(texts.join(sign));
        for (const text of texts) expect(longestLeft(text, left)).toBeLessThan(27);
      }),
      { numRuns: 60, seed },
    );
  });
});

test.each([
  "550e8400-e29b-41d4-a716-446655440000",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4",
  "k57d8x9qp2m4c6v8b1n3z5r7t9w0y2hj",
  "customer k57d8x9qp2m4c6v8b1n3z5r7t9w0y2hj, order jh7a1b2c3d4e5f6g7h8j9k0m1n2p3q4r, by Friday",
  '["k57d8x9qp2m4c6v8b1n3z5r7t9w0y2hj","jh7a1b2c3d4e5f6g7h8j9k0m1n2p3q4r"]',
  "ch_3MmlLrLkdIwHu7ix0uedW3Ar",
  "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "V1StGXR8_Z5jdHi6B-myT",
  "DE89 3704 0044 0532 0130 00",
  "Tel +49 30 1234567, mobile 0171 2345678, VAT DE123456789",
  "Please ship 3 boxes of A4 paper and 12 toner HP CF226X to dock 7, gate B2, before 14 May",
  "SKU AB-1234-X9, PO 4711, LOT 77F, batch 2026-11-28",
  "PLEASE SHIP TO WAREHOUSE 12 IN BERLIN BY FRIDAY OR CALL THE CUSTOMER",
  "Rindfleischetikettierungsaufgabenuebertragungsgesetz, Donaudampfschifffahrtsgesellschaft",
  "Die Lieferung an die Geschaeftsfuehrung verzoegert sich voraussichtlich bis Mitte Dezember",
  "orders_confirm_expected_total_minor_of_the_customer_in_the_warehouse",
  "toStringTagOfTheInternalMutationGenericDefinition",
  "at Object.secret (/srv/app/convex/toolgate/admin.ts:12:34)\n    at process.processTicksAndRejections",
  "x".repeat(3000),
  "-=".repeat(500),
  "0123456789".repeat(20),
  "The prefix is cvxmcp_live_, then come the id and the secret.",
])("what is no secret stays: %#", (text) => {
  expect(withoutKeys(text)).toBe(text);
});

test("JSON stays JSON", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.string(), base62(50)), fc.oneof(fc.jsonValue(), base62(50))),
      (value) => {
        expect(() => JSON.parse(withoutKeys(JSON.stringify(value))) as unknown).not.toThrow();
      },
    ),
  );
});

// In quadratic time, each would take half a minute and more.
test.each<[string, string]>([
  ["backslashes", "\\"],
  ["percent signs", "%4"],
  ["letters", "x"],
  ["random letters", "q7XzJ"],
  ["up and down", `qxzjqx${"etere".repeat(9)}`],
  ["the beginnings of keys", "cvxmcp_live_"],
  ["words as long as ids", "e7f9g1h3e7f9g1h3e7 "],
  ["invisible characters", "\u200b"],
  ["hashes", "0123456789abcdef0123 "],
])("a quarter of a mebibyte of %s takes linear time", (_what, unit) => {
  const start = performance.now();
  withoutKeys(unit.repeat(2 ** 18 / unit.length));
  expect(performance.now() - start).toBeLessThan(4000);
});
