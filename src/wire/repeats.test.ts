/**
 * Headers that were sent more than once.
 *
 * @spec RFC 9110 section 5.3
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { onceIn, readingsOf } from "./repeats";

const sent = (...values: string[]) => new Headers(values.map((value) => ["x", value]));

test.each<[string[], string | null]>([
  [[], null],
  [["a"], "a"],
  [[""], ""],
  [["a", "a"], "a"],
  [["a", "a", "a"], "a"],
  [["a ", " a"], "a"],
  [["a,a"], "a"],
])("%j is %j", (values, value) => {
  expect(onceIn(sent(...values), "x")).toBe(value);
});

test.each([[["a", "b"]], [["a", "A"]], [["a", ""]], [["a", "b", "a", "b"]], [["a,"]]])(
  "%j is refused by name",
  (values) => {
    expect(() => onceIn(sent(...values), "x")).toThrow("the header x was sent more than once");
  },
);

test("whatever is sent however often is among the readings, and so is the whole", () => {
  const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  fc.assert(
    fc.property(value, fc.integer({ min: 1, max: 5 }), (one, times) => {
      const text = sent(...Array<string>(times).fill(one)).get("x")!;
      const readings = readingsOf(text);
      expect(readings).toContain(one);
      expect(readings[0]).toBe(text);
    }),
  );
});

test("a header of nothing but commas is read at once", () => {
  const commas = ",".repeat(60_000);
  const begun = performance.now();
  expect(readingsOf(commas).length).toBeGreaterThan(1);
  expect(performance.now() - begun).toBeLessThan(500);
});
