/**
 * Strict JSON against an independent scanner, with random texts.
 *
 * @spec RFC 8259 section 4
 * @spec RFC 7493 (I-JSON)
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { duplicate, flawOf, rounded } from "../../test/wire/flaws";
import { parseStrictJson } from "./strictJson";

/** Finds the flaws in another way than the parser does: with a reviver of `JSON.parse`. */
const isAmbiguous = (text: string): boolean => {
  const flaws: string[] = [];
  JSON.parse(text, (name: string, inner: unknown) => {
    if (typeof inner === "number" && !Number.isFinite(inner)) flaws.push("number");
    if (/\p{Surrogate}/u.test(name) || name === "__proto__") flaws.push("name");
    if (typeof inner === "string" && /\p{Surrogate}/u.test(inner)) flaws.push("string");
    return inner;
  });
  return flaws.length > 0;
};

/** Generates JSON with blanks, escapes and numbers as people write them. The names in each object are distinct. */
const space = fc.constantFrom("", "", " ", "\n", "\t", "\r", "  ");
const escape = (text: string, style: number): string =>
  style === 0
    ? JSON.stringify(text)
    : `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
const stringToken = fc
  .tuple(fc.string({ unit: "binary", maxLength: 8 }), fc.nat(1))
  .map(([text, style]) => escape(text, style));
const numberToken = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  fc.integer().map(String),
  fc.constantFrom("-0", "0e0", "1E+2", "1e-2", "0.10", "123456789012345680000000000000"),
);
const { text: goodText } = fc.letrec<{ text: string; list: string; object: string }>((tie) => ({
  text: fc
    .tuple(
      space,
      fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom("null", "true", "false"),
        numberToken,
        stringToken,
        tie("list"),
        tie("object"),
      ),
      space,
    )
    .map((parts) => parts.join("")),
  list: fc.array(tie("text"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
  object: fc
    .uniqueArray(
      fc.tuple(
        space,
        fc.tuple(fc.string({ unit: "binary", maxLength: 6 }), fc.nat(1)),
        space,
        tie("text"),
      ),
      { maxLength: 4, selector: ([, [name]]) => name },
    )
    .map((members) =>
      members.map(([a, [name, style], b, value]) => `${a}${escape(name, style)}${b}:${value}`),
    )
    .map((members) => `{${members.join(",")}}`),
}));

test("it takes what JSON.parse takes, and means the same by it", () => {
  fc.assert(
    fc.property(goodText, (text) => {
      fc.pre(!isAmbiguous(text));
      expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
    }),
    { numRuns: 3000 },
  );
});

test("it refuses anything that JSON.parse refuses", () => {
  const nearJson = fc
    .tuple(
      goodText,
      fc.nat(),
      fc.nat(3),
      fc.constantFrom(...Array.from("{}[]\",:\\0eE+-.nt \n\u0000a/*'")),
    )
    .map(([text, at, kind, char]) => {
      const place = at % (text.length + 1);
      if (kind === 0) return text.slice(0, place);
      return text.slice(0, place) + char + text.slice(place + (kind === 1 ? 1 : 0));
    });
  fc.assert(
    fc.property(fc.oneof(nearJson, fc.string({ unit: "binary" })), (text) => {
      // A text decoded from UTF-8 never has unpaired surrogates.
      fc.pre(!/\p{Surrogate}/u.test(text));
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const flaw = flawOf(text);
      if (!isJson) expect(flaw).toBe("not valid JSON");
      else if (isAmbiguous(text)) expect(flaw).toBeDefined();
      else if (flaw !== undefined) expect(flaw).toMatch(/ appears twice$| would be rounded\./);
    }),
    { numRuns: 5000 },
  );
});

test("it refuses an integer that another one would take the place of, however it is written", () => {
  const integer = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const near = fc.integer({ min: -9, max: 9 }).map((by) => 2n ** 53n + BigInt(by));
  const spelled = (digits: string): string[] => [
    ...[digits, `${digits}.0`, `${digits}e0`, `${digits}00E-2`],
    digits.replace(/^(-?\d)(\d*)$/, (_, first: string, rest: string) =>
      rest === "" ? digits : `${first}.${rest}e${String(rest.length)}`,
    ),
  ];
  fc.assert(
    fc.property(fc.oneof(integer, near), fc.nat(4), goodText, (number, form, beside) => {
      fc.pre(number !== 0n && !isAmbiguous(beside) && flawOf(beside) === undefined);
      const text = spelled(String(number))[form]!;
      // JavaScript writes all digits of a number below 10^21.
      const isKept = BigInt(String(Number(number))) === number;
      expect(flawOf(`[${beside},{"a":${text}}]`)).toBe(isKept ? undefined : rounded(text));
    }),
    { numRuns: 2000 },
  );
});

test("it refuses a member added twice, anywhere, in any spelling", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 6 }).filter((name) => name !== "__proto__"),
      fc.nat(1),
      fc.nat(1),
      goodText,
      goodText,
      (name, a, b, x, y) => {
        fc.pre(!isAmbiguous(x) && !isAmbiguous(y));
        const object = `{${escape(name, a)}:${x},"${name === "z" ? "y" : "z"}":${y},${escape(name, b)}:${x}}`;
        expect(flawOf(`[${y},${object}]`)).toBe(duplicate(name));
      },
    ),
    { numRuns: 1000 },
  );
});
