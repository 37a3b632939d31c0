/** How commands read what a key fixes and constrains, and write a table. */
import { describe, expect, test } from "vitest";
import { addConstraint, constraintTexts } from "../../../cli/operate/constraint";
import { addFixed } from "../../../cli/operate/fixed";
import { table } from "../../../cli/operate/print";

test("a table shows what others wrote on its own line, and nothing that steers the terminal", () => {
  const cell = '{"name":"\u001b[2J\u009b31m\u202etxt\u2066\u200b\ufeff\r\n\u2028\u0007"}';
  const text = table(["call", "arguments"], [["orders_get\u001b]0;x\u0007", cell]]);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).toContain('{"name":"�[2J�31m�txt');
});

test.each<[string, unknown]>([
  ["t.a=open", { t: { a: "open" } }],
  ["t.a=5", { t: { a: 5 } }],
  ['t.a="5"', { t: { a: "5" } }],
  ["t.a=null", { t: { a: null } }],
  ['t.a=""', { t: { a: "" } }],
  ['t.a={"b":[true]}', { t: { a: { b: [true] } } }],
  ["t.a=x=y", { t: { a: "x=y" } }],
  ["t.a=", undefined],
  ["t.a", undefined],
  [".a=1", undefined],
  ["t.=1", undefined],
  ["t.a={b}", undefined],
  ['t.a={"b":1,"b":2}', undefined],
  ["constructor.name=5", { constructor: { name: 5 } }],
])("fixed: %s", (text, fixed) => {
  if (fixed === undefined) expect(() => addFixed(text)).toThrow();
  else expect(addFixed(text)).toEqual(fixed);
  expect(() => addFixed("t.a=2", addFixed("t.a=1"))).toThrow("twice");
});

describe("constraints", () => {
  test.each([
    ["t.a<=5", { t: { a: { max: 5 } } }],
    ["t.a >= -1.5", { t: { a: { min: -1.5 } } }],
    ["t.lines.*.quantity<=3", { t: { "lines.*.quantity": { max: 3 } } }],
    ["t.a=draft|open", { t: { a: { oneOf: ["draft", "open"] } } }],
    ['t.a=5|true|"5"', { t: { a: { oneOf: [5, true, "5"] } } }],
    ["t.a=x<=y", { t: { a: { oneOf: ["x<=y"] } } }],
    ["constructor.name<=5", { constructor: { name: { max: 5 } } }],
    ["t.a<=9007199254740992", { t: { a: { max: 2 ** 53 } } }],
  ])("%s", (text, constraints) => {
    expect(addConstraint(text)).toEqual(constraints);
  });

  test("are shown as they are written", () => {
    const both = addConstraint("t.b=x|y", addConstraint("t.a<=5", addConstraint("t.a>=1")));
    expect(constraintTexts(both)).toEqual(["t.a>=1", "t.a<=5", "t.b=x|y"]);
  });

  test.each(['t.a="half \\ud83d"', "t.a=1e999", "t.a=x|-1e999"])(
    "refuses flawed JSON: %s",
    (text) => {
      expect(() => addConstraint(text)).toThrow(/unpaired surrogate|too large/);
    },
  );

  test.each(["t.a<=9007199254740993", "t.a>=-9007199254740993"])(
    "refuses a limit that would be rounded: %s",
    (text) => {
      expect(() => addConstraint(text)).toThrow(/would be rounded/);
    },
  );

  test.each(["", "t", "t.a", "t.a<5", ".a<=5", "t.<=5", "t.a<=", "t.a<=x", "t.a>= "])(
    "refuses %j",
    (text) => {
      expect(() => addConstraint(text)).toThrow();
    },
  );
});
