import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { hasFormat, isDate, isEmail } from "./formats";

/** Texts that are nearly of the format: most tests of a format's edges are among their parts. */
const pieces = (parts: readonly string[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((all) => all.join(""));

test("an e-mail address is what zod takes for one", () => {
  const schema = z.email();
  const near = pieces(["a", "B", "7", ".", "-", "_", "+", "'", "@", "x.de", "com", " ", "ä"]);
  fc.assert(
    fc.property(near, (text) => {
      expect(isEmail(text)).toBe(schema.safeParse(text).success);
    }),
    { numRuns: 5_000 },
  );
  for (const good of ["a@b.co", "o'hara+x@a-b.example.com", "_@x.de"])
    expect(isEmail(good)).toBe(true);
  for (const bad of ["", "@", "a@b", "a.@b.co", ".a@b.co", "a..b@c.de", "a@b.c1", "a@@b.co"])
    expect(isEmail(bad)).toBe(false);
});

test("a day is what zod takes for one", () => {
  const schema = z.iso.date();
  const two = fc.integer({ min: 0, max: 32 }).map((part) => String(part).padStart(2, "0"));
  const year = fc.constantFrom("0000", "1900", "2000", "2023", "2024", "9999", "24", "+12024");
  const near = fc.tuple(year, two, two).map((all) => all.join("-"));
  fc.assert(
    fc.property(fc.oneof(near, pieces(["2", "0", "1", "-", "T", "Z", " "])), (text) => {
      expect(isDate(text)).toBe(schema.safeParse(text).success);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ["2026-01-31T23:59:59Z", true],
  ["2026-01-31t00:00:00.123+05:30", true],
  ["2026-01-31T00:00:00", false],
  ["2026-02-30T00:00:00Z", false],
  ["2026-01-31T24:00:00Z", false],
  ["2026-01-31 00:00:00Z", false],
  ["2026-01-31", false],
])("as a moment with its offset %s is %s", (text, is) => {
  expect(hasFormat(text, "date-time")).toBe(is);
});

test.each([
  ["https://example.com/a?b#c", true],
  ["mailto:a@example.com", true],
  ["example.com", false],
  ["", false],
  ["/a", false],
])("as a URI %j is %s", (text, is) => {
  expect(hasFormat(text, "uri")).toBe(is);
});
