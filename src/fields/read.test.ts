import { v, type GenericValidator } from "convex/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { field } from "./field";
import { read } from "./read";

const isOdd = (value: number) => value % 2 !== 0;
const saysMe = (text: string) => text.includes("me");

/** Fields, and what says the same in zod. */
const twins: Readonly<Record<string, readonly [GenericValidator, z.ZodType]>> = {
  text: [field(v.string(), { minLength: 2, maxLength: 4 }), z.string().min(2).max(4)],
  trimmed: [
    field(v.string(), { trim: true, minLength: 1, maxLength: 4, check: [saysMe, "says me"] }),
    z.string().trim().min(1).max(4).refine(saysMe, "says me"),
  ],
  pattern: [field(v.string(), { pattern: "^a+$" }), z.string().regex(/^a+$/)],
  email: [field(v.string(), { format: "email" }), z.email()],
  integer: [
    field(v.number(), { type: "integer", minimum: -3, maximum: 3, check: [isOdd, "is odd"] }),
    z.int().min(-3).max(3).refine(isOdd, "is odd"),
  ],
  choice: [v.union(v.literal("a"), v.literal("b")), z.enum(["a", "b"])],
  one: [v.literal("a"), z.literal("a")],
  maybe: [v.union(v.string(), v.null()), z.string().nullable()],
  list: [
    field(v.array(field(v.string(), { minLength: 1 })), { minItems: 1, maxItems: 2 }),
    z.array(z.string().min(1)).min(1).max(2),
  ],
  object: [
    v.object({ a: v.boolean(), b: v.optional(field(v.number(), { minimum: 0 })) }),
    z.strictObject({ a: z.boolean(), b: z.number().min(0).optional() }),
  ],
};

const texts = fc.constantFrom("", " ", "a", "b", "me", " me ", "aaa", "aaaaa", "a@b.co", "some");
const leaf = fc.oneof(texts, fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.constant(null));
const value = fc.oneof(
  leaf,
  fc.constantFrom(1.5, undefined),
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "b", "c"), leaf),
  fc.record({ a: fc.boolean(), b: fc.integer({ min: -1, max: 1 }) }),
);

describe("a value is read as zod reads it, with the same words", () => {
  test.each(Object.entries(twins))("%s", (_name, [validator, schema]) => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(value, (sent) => {
        const { success, data, error } = schema.safeParse(sent);
        seen.add(success);
        const issues = error?.issues.map(({ path, message }) => ({ path, message })) ?? [];
        const known = read(validator, sent);
        if ("value" in known) expect([true, known.value]).toEqual([success, data]);
        // All that is wrong with a text or number of the right type; else the first, since zod goes on where nothing is left to say.
        else if (typeof sent !== "object" && !known.issues[0].message.startsWith("Invalid input"))
          expect(known.issues).toEqual(issues);
        else expect(known.issues[0]).toEqual(issues[0]);
      }),
      { numRuns: 1_000 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });
});

test("a record is read member by member", () => {
  const counts = v.record(v.string(), field(v.number(), { minimum: 0 }));
  expect(read(counts, { a: 1 })).toEqual({ value: { a: 1 } });
  expect(read(counts, { a: 1, b: -1 })).toMatchObject({ issues: [{ path: ["b"] }] });
  expect(read(counts, [])).toMatchObject({ issues: [{ path: [] }] });
});

test("the names in a record are checked, and stay as they are", () => {
  const named = v.record(field(v.string(), { pattern: "^[a-z]+$" }), v.number());
  expect(read(named, { a: 1 })).toEqual({ value: { a: 1 } });
  expect(read(named, { A: 1 })).toMatchObject({ issues: [{ path: ["A"] }] });
});

test("a check looks at what was read, and only if that is right", () => {
  const differ = (list: readonly string[]) => new Set(list).size === list.length;
  const tags = field(v.array(field(v.string(), { trim: true })), { check: [differ, "differ"] });
  expect(read(tags, ["a", "b "])).toEqual({ value: ["a", "b"] });
  expect(read(tags, ["a", "a "])).toEqual({ issues: [{ path: [], message: "differ" }] });
  const from = field(v.object({ from: v.string() }), {
    check: [(one) => one.from.length > 0, "begins"],
  });
  expect(read(from, { from: "" })).toEqual({ issues: [{ path: [], message: "begins" }] });
  expect(read(from, { from: null })).toMatchObject({ issues: [{ path: ["from"] }] });
});

test("what has no form in JSON is no other type", () => {
  const short = field(v.string(), { trim: true, maxLength: 5 });
  for (const other of [v.int64(), v.bytes()]) {
    const either = v.union(other, short);
    expect(read(either, " a ")).toEqual({ value: "a" });
    expect(read(either, "abcdef")).toHaveProperty("issues");
  }
  expect(read(v.int64(), 1n)).toEqual({ value: 1n });
  expect(read(v.bytes(), new ArrayBuffer(1))).toHaveProperty("value");
});

test.each([NaN, Infinity, -Infinity])("%s is in no range", (number) => {
  expect(read(field(v.number(), { minimum: 0 }), number)).toHaveProperty("issues");
  expect(read(field(v.number(), { maximum: 0 }), number)).toHaveProperty("issues");
  expect(read(v.number(), number)).toEqual({ value: number });
});

test("keywords outlive what is made of their field", () => {
  const name = field(v.string(), { minLength: 2 });
  const holders = [
    v.object({ name: v.optional(name) }),
    v.object({ name: v.optional(v.union(name, v.null())) }),
    v.object({ name, other: v.any() }).pick("name"),
    v.object({ name }).partial(),
    v.object({ name: field(name, { description: "Again." }) }),
  ];
  for (const holder of holders)
    expect(read(holder, { name: "x" })).toMatchObject({ issues: [{ path: ["name"] }] });
});

test("what is stated last counts, and every check does", () => {
  const once = field(v.string(), { maxLength: 1, check: [saysMe, "says me"] });
  const twice = field(once, { maxLength: 3, check: [(text) => text < "n", "is early"] });
  expect(read(twice, "some")).toEqual({
    issues: [
      { path: [], message: "Too big: expected string to have <=3 characters" },
      { path: [], message: "is early" },
    ],
  });
  expect(read(twice, "no")).toMatchObject({ issues: [{ message: "says me" }, {}] });
  expect(read(twice, "me")).toEqual({ value: "me" });
});

test("a field is no other than before for Convex, and its validator stays as it is", () => {
  const plain = v.string();
  const limited = field(plain, { minLength: 2 });
  const json = (one: GenericValidator) => (one as unknown as { json: unknown }).json;
  expect(json(limited)).toEqual(json(plain));
  expect(v.optional(limited).isOptional).toBe("optional");
  expect(read(plain, "x")).toEqual({ value: "x" });
});

test("members that every object has are no members of a value", () => {
  const { issues = [] } = read(v.object({ toString: v.any() }), {}) as { issues?: unknown[] };
  expect(issues).toHaveLength(1);
  expect(read(v.object({}), JSON.parse('{"__proto__":1}'))).toHaveProperty("issues");
});
