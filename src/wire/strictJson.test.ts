/**
 * Strict JSON, with texts made to tell it apart from JSON: what it takes, what it refuses, and how long that takes.
 *
 * @spec RFC 8259 section 4
 * @spec RFC 7493 (I-JSON)
 */
import { describe, expect, test } from "vitest";
import { duplicate, flawOf, rounded } from "../../test/wire/flaws";
import { MAX_DEPTH, MAX_NODES, parseStrictJson } from "./strictJson";

describe("what it takes", () => {
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
  const proto = 'the member name "__proto__" is not allowed';
  const surrogate = "a string has an unpaired surrogate";

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
