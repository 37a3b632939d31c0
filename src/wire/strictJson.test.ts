/**
 * Strict JSON against an independent scanner, with texts made to tell them apart.
 *
 * @spec RFC 8259 section 4
 * @spec RFC 7493 (I-JSON)
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_DEPTH, MAX_NODES, parseStrictJson } from "./strictJson";

const flawOf = (text: string): string | undefined => {
  const parsed = parseStrictJson(text);
  return "flaw" in parsed ? parsed.flaw : undefined;
};

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

describe("what it takes", () => {
  test("is what JSON.parse takes, and means the same", () => {
    fc.assert(
      fc.property(goodText, (text) => {
        fc.pre(!isAmbiguous(text));
        expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":["a","a"]}',
    '{"a":"\\"a\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a\\"":1,"a":2}',
    '{"a\\\\":1,"a":2}',
    '{"a":1,"A":2," a":3,"\u00e4":4,"a\u0308":5}',
    '{"constructor":1,"toString":2,"hasOwnProperty":3,"prototype":4}',
    '"__proto__"',
    '["__proto__"]',
    '{"a":"__proto__","___proto__":1,"__proto__ ":2}',
    '"\\ud83d\\ude00"',
    '"\u{1f600}\\ud83d\\ude00"',
    '{"\\ud83d\\ude00":1}',
    '"\\\\ud800"',
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "5e-400",
    "12345678901234567000",
    "9007199254740991",
    "-9007199254740991",
    "9007199254740992",
    "9007199254740994.000",
    "[1.0,1e3,-0,0.1,1E+2,10e-1,0.12345678901234567890]",
    "1e22",
    "1e23",
    '{"12345678901234567890":"9007199254740993"}',
    " \t\r\n1 \t\r\n",
    '"\u2028\u2029\u007f"',
  ])("%s", (text) => {
    expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
  });

  test(`${String(MAX_DEPTH)} levels, opened and closed as often as one likes`, () => {
    const lists = "[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH);
    expect(flawOf(lists)).toBeUndefined();
    const rest = lists.slice(1, -1);
    expect(flawOf(`[${[rest, rest, rest].join(",")}]`)).toBeUndefined();
    expect(flawOf('{"a":'.repeat(MAX_DEPTH) + "1" + "}".repeat(MAX_DEPTH))).toBeUndefined();
    expect(flawOf(`"${"[".repeat(1000)}"`)).toBeUndefined();
  });

  test(`${String(MAX_NODES)} values`, () => {
    expect(
      flawOf(
        `[${Array(MAX_NODES - 1)
          .fill("1")
          .join(",")}]`,
      ),
    ).toBeUndefined();
    expect(
      flawOf(
        `[${Array(MAX_NODES / 2)
          .fill('{"a":""}')
          .slice(1)
          .join(",")}]`,
      ),
    ).toBeUndefined();
  });
});

describe("what it refuses", () => {
  const duplicate = (name: string) => `the member ${JSON.stringify(name)} appears twice`;
  const proto = 'the member name "__proto__" is not allowed';
  const surrogate = "a string has an unpaired surrogate";
  const rounded = (number: string) =>
    `the number ${number} would be rounded. Send it as a string, or with fewer digits`;

  test.each([
    ['{"a":1,"a":1}', duplicate("a")],
    ['{"a":1,"b":2,"a":3}', duplicate("a")],
    ['{"a" :1,"a"\n:1}', duplicate("a")],
    ['{"a":1,"\\u0061":1}', duplicate("a")],
    ['{"\\/":1,"/":1}', duplicate("/")],
    ['{"":1,"":1}', duplicate("")],
    ['{"a":{},"a":{}}', duplicate("a")],
    ['{"a":[{"b":1,"b":1}]}', duplicate("b")],
    ['{"a":{"a":1},"a":1}', duplicate("a")],
    ['{"\\ud83d\\ude00":1,"\u{1f600}":1}', duplicate("\u{1f600}")],
    ['{"__proto__":1}', proto],
    ['{"\\u005f\\u005fproto__":1}', proto],
    ['[{"a":{"__proto__":{}}}]', proto],
    ['"\\ud800"', surrogate],
    ['"\\uDFFF"', surrogate],
    ['"\\udc00\\ud800"', surrogate],
    ['"\\ud83d\\ud83d\\ude00"', surrogate],
    ['"\\ud83d\\\\ude00"', surrogate],
    ['{"\\ud800":1}', surrogate],
    ["1e400", "a number is too large"],
    ["[-1e309]", "a number is too large"],
    ["1".repeat(400), "a number is too large"],
    ["9007199254740993", rounded("9007199254740993")],
    ["[-9007199254740993]", rounded("-9007199254740993")],
    ['{"a\\"1":[12345678901234567890,"9007199254740993"]}', rounded("12345678901234567890")],
    ["9007199254740993.0", rounded("9007199254740993.0")],
    ["900719925474099300e-2", rounded("900719925474099300e-2")],
    ["1.00000000000000001e30", rounded("1.00000000000000001e30")],
    ["1".repeat(300), rounded("1".repeat(40))],
    ["", "not valid JSON"],
    ["{", "not valid JSON"],
  ])("%s", (text, flaw) => {
    expect(flawOf(text)).toBe(flaw);
  });

  test("anything that JSON.parse refuses", () => {
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

  test("an integer that another one would take the place of, however it is written", () => {
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

  test("a member added twice, anywhere, in any spelling", () => {
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

  test("one level or one value too many", () => {
    const deep = `nested deeper than ${String(MAX_DEPTH)} levels`;
    expect(flawOf("[".repeat(65) + "]".repeat(65))).toBe(deep);
    expect(flawOf('{"a":'.repeat(65) + "1" + "}".repeat(65))).toBe(deep);
    expect(flawOf("[".repeat(100_000) + "]".repeat(100_000))).toBe(deep);
    expect(flawOf(`[${Array(MAX_NODES).fill("1").join(",")}]`)).toBe(
      `more than ${String(MAX_NODES)} values`,
    );
    expect(flawOf(`[${Array(MAX_NODES).fill("[]").join(",")}]`)).toContain("more than");
    expect(flawOf(`[${Array(MAX_NODES).fill("{}").join(",")}]`)).toContain("more than");
    expect(flawOf(`[${Array(MAX_NODES).fill('""').join(",")}]`)).toContain("more than");
  });

  test("one literal too many", () => {
    expect(flawOf(`[${Array(MAX_NODES).fill("null").join(",")}]`)).toContain("more than");
  });

  test("a long name, told in short", () => {
    const name = "n".repeat(1000);
    expect(flawOf(`{"${name}":1,"${name}":1}`)).toBe(duplicate("n".repeat(64)));
  });
});

test("a megabyte takes no longer than a tenth of a second", () => {
  const texts = [
    `[${Array(99_999).fill('"abcdef"').join(",")}]`,
    `"${"\\u0061".repeat(170_000)}"`,
    `{"a":"${" ".repeat(1_000_000)}"}`,
    `{"a"${" ".repeat(1_000_000)}:1}`,
    `[${Array(5000)
      .fill(`"a"${" ".repeat(200)}`)
      .join(",")}]`,
    `[${Array(60_000).fill("9007199254740992").join(",")}]`,
    `[9007199254740992.${"0".repeat(500_000)},9007199254740992e-${"0".repeat(500_000)}]`,
    `["${"\\\\".repeat(500_000)}",1e22]`,
  ];
  const timed = (text: string) => {
    const start = performance.now();
    expect(flawOf(text)).toBeUndefined();
    return performance.now() - start;
  };
  for (const text of texts) {
    // The best of five, and three times the promised time, since the machine may be busy.
    expect(Math.min(...Array.from({ length: 5 }, () => timed(text)))).toBeLessThan(300);
  }
});

test("nothing leaks into Object.prototype", () => {
  parseStrictJson('{"__proto__":{"polluted":1}}');
  parseStrictJson('{"constructor":{"prototype":{"polluted":1}}}');
  expect({}).not.toHaveProperty("polluted");
});
