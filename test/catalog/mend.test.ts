/** Mended arguments are those that were meant, or they are not mended at all. */
import {
  jsonToConvex,
  v,
  type GenericValidator,
  type JSONValue,
  type ValidatorJSON,
} from "convex/values";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain, fits } from "../../src/catalog/explain";
import { toJsonSchema, type JsonSchema } from "../../src/catalog/jsonSchema";
import { mend } from "../../src/catalog/mend";

const schemaOf = (validator: GenericValidator): JsonSchema =>
  toJsonSchema((validator as unknown as { json: ValidatorJSON }).json, "arguments");

/** A validator with a value that it takes. */
interface Sample {
  readonly validator: GenericValidator;
  readonly value: JSONValue;
}

const texts = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("", "5", "-1.5", "true", "null", "[1]", '{"a":1}', "1e3", "007"),
);
const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
);

const sample = (validator: GenericValidator, values: fc.Arbitrary<JSONValue>) =>
  values.map((value): Sample => ({ validator, value }));

const name = fc.constantFrom("a", "b", "c", "toString", "constructor");

const { samples } = fc.letrec<{ samples: Sample; deep: Sample }>((tie) => ({
  samples: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    sample(v.string(), texts),
    sample(v.number(), numbers),
    sample(v.boolean(), fc.boolean()),
    sample(v.null(), fc.constant(null)),
    sample(v.literal("on"), fc.constant("on")),
    sample(v.literal(5), fc.constant(5)),
    tie("deep"),
  ),
  deep: fc.oneof(
    fc
      .tuple(tie("samples"), fc.integer({ min: 0, max: 3 }))
      .map(([{ validator, value }, count]) => ({
        validator: v.array(validator as never),
        value: Array.from({ length: count }, () => value),
      })),
    fc
      .uniqueArray(fc.tuple(name, tie("samples"), fc.boolean(), fc.boolean()), {
        selector: ([key]) => key,
        maxLength: 3,
      })
      .map((members) => ({
        validator: v.object(
          Object.fromEntries(
            members.map(([key, { validator }, optional]) => [
              key,
              optional ? v.optional(validator as never) : validator,
            ]),
          ) as never,
        ),
        value: Object.fromEntries(
          members
            .filter(([, , optional, sent]) => !optional || sent)
            .map(([key, { value }]) => [key, value]),
        ),
      })),
    fc.tuple(tie("samples"), tie("samples"), fc.boolean()).map(([one, other, first]) => ({
      validator: v.union(one.validator as never, other.validator as never),
      value: first ? one.value : other.value,
    })),
    fc.tuple(name, tie("samples")).map(([key, { validator, value }]) => ({
      validator: v.record(v.string(), validator as never),
      value: { [key]: value },
    })),
  ),
}));

/**
 * Damages a value as models do: members that are left out become null or "", and anything but a text becomes a text. Not where the text
 * is good too: then nobody can know that it was not meant.
 */
const damaged = (schema: JsonSchema, value: JSONValue, next: () => number): JSONValue => {
  const text = JSON.stringify(value);
  const isTold = typeof value !== "string" && value !== null && !fits(schema, text);
  if (isTold && next() % 3 === 0) return text;
  const { items = {} } = schema as { items?: JsonSchema };
  if (Array.isArray(value)) return value.map((item) => damaged(items, item, next));
  if (typeof value !== "object" || value === null) return value;
  const known = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const others = (schema.additionalProperties ?? {}) as JsonSchema;
  const nothing = (key: string) =>
    [null, ""].filter((one) => !Object.hasOwn(value, key) && !fits(known[key] ?? {}, one));
  return Object.fromEntries([
    ...Object.entries(value).map(([key, member]) => {
      const inner = Object.hasOwn(known, key) ? known[key] : undefined;
      return [key, damaged(inner ?? others, member, next)] as const;
    }),
    ...Object.keys(known).flatMap((key) => {
      const choices = nothing(key);
      return choices.length === 0 ? [] : [[key, choices[next() % choices.length]!] as const];
    }),
  ]);
};

describe("a damaged value", () => {
  test("is taken as the very same value, or explained, and a good one stays", () => {
    let taken = 0;
    fc.assert(
      fc.property(samples, fc.infiniteStream(fc.nat()), ({ validator, value }, stream) => {
        const schema = schemaOf(validator);
        expect(fits(schema, value)).toBe(true);
        expect(mend(schema, value)).toEqual(value);
        const sent = damaged(schema, value, () => stream.next().value as number);
        const mended = mend(schema, sent);
        if (fits(schema, sent)) expect(mended).toEqual(sent);
        else if (fits(schema, mended)) {
          taken++;
          expect(mended).toEqual(value);
        } else expect(explain(schema, mended)).not.toEqual([]);
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test("that holds an int64 or bytes for Convex never does so for a function", () => {
    expect(jsonToConvex({ $integer: "AQAAAAAAAAA=" })).toBe(1n);
    const sent = { data: '{"$integer":"AQAAAAAAAAA="}' };
    expect(mend(schemaOf(v.object({ data: v.any() })), sent)).toEqual(sent);
  });
});

const text = v.string();
const amount = v.number();

describe.each<[string, GenericValidator, JSONValue, JSONValue]>([
  ["a number as text", amount, "5", 5],
  ["a fraction as text", amount, "-0.25", -0.25],
  ["a boolean as text", v.boolean(), "false", false],
  ["an array as text", v.array(amount), "[1, 2]", [1, 2]],
  ["texts within a text", v.array(amount), '["1"]', [1]],
  ["an object as text", v.object({ a: v.optional(text) }), '{"a":null}', {}],
  ["a constant as text", v.union(v.literal(1), v.literal(2)), "2", 2],
  [
    "the one variant that it can be",
    v.union(amount, v.object({ n: amount })),
    { n: "1" },
    { n: 1 },
  ],
  [
    "two variants that agree",
    v.union(v.object({ n: amount }), v.record(text, amount)),
    { n: "1" },
    { n: 1 },
  ],
  ["null in place of nothing", v.object({ a: v.optional(amount) }), { a: null }, {}],
  ['"" in place of nothing', v.object({ a: v.optional(v.union(v.literal("x"))) }), { a: "" }, {}],
])("%s", (_what, validator, sent, expected) => {
  test("is taken", () => {
    expect(mend(schemaOf(validator), sent)).toEqual(expected);
  });
});

describe.each<[string, GenericValidator, JSONValue]>([
  ["a text where a text may be", v.union(text, amount), "5"],
  ['"" for a required text', v.object({ a: text }), { a: "" }],
  ['"" for an optional text', v.object({ a: v.optional(text) }), { a: "" }],
  ["null where null may be", v.object({ a: v.optional(v.union(text, v.null())) }), { a: null }],
  ["null for a required number", v.object({ a: amount }), { a: null }],
  ["null in an array", v.array(amount), [null]],
  ["null in a record", v.record(text, amount), { a: null }],
  ["a number that would be rounded", amount, "12345678901234567890"],
  ["a rounded number within a text", v.array(amount), "[12345678901234567890]"],
  ["digits that start with a zero", amount, "007"],
  ["an exponent", amount, "1e3"],
  ["white space", amount, " 5"],
  ["Infinity", amount, "Infinity"],
  ["another language", v.boolean(), "True"],
  ["a text in quotes", v.array(text), '"a"'],
  ["a number for a text", text, 5],
  ["one item for an array", v.array(text), "a"],
  ["a name twice", v.object({ a: amount }), '{"a":1,"a":2}'],
  [
    "variants that do not agree",
    v.union(v.object({ n: text, m: amount }), v.object({ n: amount, m: amount })),
    { n: "5", m: "1" },
  ],
  ["any value", v.any(), "[1]"],
])("%s", (_what, validator, sent) => {
  test("stays", () => {
    expect(mend(schemaOf(validator), sent)).toEqual(sent);
  });
});
