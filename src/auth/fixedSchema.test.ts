/** A schema without its fixed arguments takes exactly what the whole one takes together with them. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withoutFixed } from "./fixedSchema";

const text = { type: "string" };

test.each<[string, object, object, object]>([
  [
    "properties, what is required, and headers",
    {
      type: "object",
      properties: { a: { ...text, "x-mcp-header": "A" }, b: text },
      required: ["a", "b"],
      additionalProperties: false,
    },
    { a: "x" },
    { type: "object", properties: { b: text }, required: ["b"], additionalProperties: false },
  ],
  [
    "the last that is required",
    { properties: { a: text }, required: ["a"] },
    { a: 1 },
    { properties: {} },
  ],
  [
    "examples and defaults",
    { examples: [{ a: 1, b: 2 }, "text"], default: { a: 1 } },
    { a: 1 },
    { examples: [{ b: 2 }, "text"], default: {} },
  ],
  [
    "conditions",
    { if: { required: ["a"] }, then: { required: ["b"] }, else: { properties: { a: text } } },
    { a: 1 },
    { if: {}, then: { required: ["b"] }, else: { properties: {} } },
  ],
  [
    "variants of another constant",
    {
      oneOf: [
        { properties: { kind: { const: "x" }, b: text }, required: ["kind", "b"] },
        { properties: { kind: { const: "y" }, c: text }, required: ["kind", "c"] },
        { properties: { kind: { enum: ["z", "x"] } } },
      ],
    },
    { kind: "y" },
    { oneOf: [{ properties: { c: text }, required: ["c"] }] },
  ],
  [
    "variants of which none is left",
    { anyOf: [{ properties: { kind: { const: 1 } } }] },
    { kind: 2 },
    { anyOf: [{ not: {} }] },
  ],
  [
    "what hangs on them",
    { dependentRequired: { a: ["b"], c: ["d"] }, dependentSchemas: { a: { required: ["b"] } } },
    { a: 1 },
    { dependentRequired: { c: ["d"] }, dependentSchemas: {} },
  ],
  [
    "nothing of an inner object of the same name",
    { properties: { b: { properties: { a: text } } } },
    { a: 1 },
    { properties: { b: { properties: { a: text } } } },
  ],
])("takes out %s", (_what, schema, fixed, left) => {
  expect(withoutFixed({ ...schema }, { ...fixed })).toEqual(left);
});

interface Plain {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Plain>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Plain[];
  readonly oneOf?: readonly Plain[];
  readonly allOf?: readonly Plain[];
  readonly not?: Plain;
  readonly if?: Plain;
  readonly then?: Plain;
  readonly else?: Plain;
}

/** What JSON Schema 2020-12 says of these keywords. */
const fits = (schema: Plain, value: unknown): boolean => {
  const { properties = {}, required = [], anyOf, oneOf, allOf = [], not } = schema;
  if ("const" in schema && schema.const !== value) return false;
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return false;
  const members = Object.entries((typeof value === "object" ? value : {})!);
  if (!members.every(([name, member]) => fits(properties[name] ?? {}, member))) return false;
  if (!required.every((name) => members.some(([own]) => own === name))) return false;
  if (anyOf && !anyOf.some((one) => fits(one, value))) return false;
  if (oneOf && oneOf.filter((one) => fits(one, value)).length !== 1) return false;
  if (not && fits(not, value)) return false;
  const rest = schema.if === undefined || fits(schema.if, value) ? schema.then : schema.else;
  const all = schema.if === undefined || rest === undefined ? allOf : [...allOf, rest];
  return all.every((one) => fits(one, value));
};

const name = fc.constantFrom("a", "b", "c");
const value = fc.constantFrom(1, 2, "x");
const property = fc.oneof(
  fc.constant({}),
  value.map((one) => ({ const: one })),
  fc.uniqueArray(value, { minLength: 1 }).map((all) => ({ enum: all })),
);
const requiredKeys: [] = [];
const part = fc.record(
  { properties: fc.dictionary(name, property), required: fc.uniqueArray(name) },
  { requiredKeys },
);
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const group = fc.record(
  { anyOf: parts, oneOf: parts, allOf: parts, not: part, if: part, then: part, else: part },
  { requiredKeys },
);
const whole = fc.tuple(part, group).map(([base, more]): Plain => ({ ...base, ...more }));
const some = fc.dictionary(name, value);

test("arguments fit what is left exactly if they fit the whole with the fixed ones (property)", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(whole, some, some, (schema, fixed, sent) => {
      const own = Object.fromEntries(Object.entries(sent).filter(([one]) => !(one in fixed)));
      // Whoever fixes a value that does not fit where it stands by itself is told elsewhere.
      fc.pre(fits({ properties: schema.properties ?? {} }, fixed));
      const isFit = fits(schema, { ...own, ...fixed });
      seen.add(isFit);
      expect(fits(withoutFixed(schema, fixed), own)).toBe(isFit);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBe(2);
});
