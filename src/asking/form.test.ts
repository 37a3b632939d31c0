import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { requireForm } from "./form";
import { readResponse } from "./readResponse";
import { elicitation, roots, sampling } from "./request";

const choices = [
  { const: "a", title: "A" },
  { const: "b", title: "B" },
];

const fields: Readonly<Record<string, z.core.JSONSchema.BaseSchema>> = {
  text: { type: "string", minLength: 1, maxLength: 3 },
  pattern: { type: "string", pattern: "a" },
  email: { type: "string", format: "email" },
  day: { type: "string", format: "date" },
  number: { type: "number", minimum: 0, maximum: 2 },
  integer: { type: "integer", minimum: 0 },
  above: { type: "number", exclusiveMinimum: 0, maximum: 2 },
  below: { type: "number", exclusiveMaximum: 1.5 },
  step: { type: "number", multipleOf: 0.5 },
  steps: { type: "integer", multipleOf: 3 },
  yes: { type: "boolean" },
  consent: { type: "boolean", const: true },
  only: { type: "string", const: "a" },
  choice: { type: "string", enum: ["a", "b"] },
  many: { type: "array", items: { type: "string", enum: ["a", "b"] }, minItems: 1, maxItems: 2 },
};

const form = (properties: object, required: readonly string[] = []) =>
  elicitation("?", { type: "object", properties, required });

const accept = (content: unknown) => ({ action: "accept", content });

const leaf = fc.oneof(
  fc.constantFrom<unknown>("", "a", "b", "bbbb", "a@b.co", "2026-02-28", "2026-02-30", 0, 1.5, 3),
  fc.constantFrom<unknown>(-1, true, null, {}),
);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }));

describe.each(Object.entries(fields))("what a user fills into a field: %s", (name, schema) => {
  const oracle = z.object({
    content: z.fromJSONSchema({ type: "object", properties: { [name]: schema }, required: [name] }),
  });

  test("is judged as zod judges it, with the same words", () => {
    fc.assert(
      fc.property(value, (filled) => {
        const content = { [name]: filled };
        const { error } = oracle.safeParse({ content });
        const [issue] = error?.issues ?? [];
        expect(readResponse(form({ [name]: schema }, [name]), accept(content))).toEqual(
          issue
            ? { problem: [...issue.path, issue.message].join(": ") }
            : { value: accept(content) },
        );
      }),
      { numRuns: 300 },
    );
  });

  test("may be left out only where it is not required", () => {
    expect(readResponse(form({ [name]: schema }), { action: "accept" })).toEqual({
      value: accept({}),
    });
    expect(readResponse(form({ [name]: schema }, [name]), accept({}))).toHaveProperty("problem");
  });
});

test.each([
  ["one of titled choices", { one: { type: "string", oneOf: choices } }, "b", "c"],
  ["several", { one: { type: "array", items: { anyOf: choices } } }, ["a", "b"], ["a", "c"]],
  ["a figure", { one: { type: "number", enum: [0, 3] } }, 3, 1],
  ["a moment", { one: { type: "string", format: "date-time" } }, "2026-01-01T00:00:00Z", "now"],
  ["a link", { one: { type: "string", format: "uri" } }, "https://a.de", "a"],
])("%s", (_what, properties, good, bad) => {
  expect(readResponse(form(properties), accept({ one: good }))).toEqual({
    value: accept({ one: good }),
  });
  expect(readResponse(form(properties), accept({ one: bad }))).toMatchObject({
    problem: expect.stringContaining("content: one: "),
  });
});

test("what stands in a form counts if the user leaves it, and what nobody asked for is kept", () => {
  const asked = form({ name: { type: "string", default: "Ada" } }, ["name"]);
  expect(readResponse(asked, { action: "accept" })).toEqual({ value: accept({ name: "Ada" }) });
  expect(readResponse(asked, accept({ more: 1 }))).toEqual({
    value: accept({ name: "Ada", more: 1 }),
  });
});

test("a form that zod wrote is kept to in all that it says", () => {
  const made = z.object({
    agree: z.literal(true),
    n: z.int().positive().multipleOf(2),
    price: z.number().lt(5).multipleOf(0.01).optional(),
    kind: z.union([z.literal("a"), z.literal("b")]).default("a"),
  });
  const asked = elicitation("?", z.toJSONSchema(made));
  const fits = { agree: true, n: 2, price: 1.1, kind: "b" };
  expect(() => {
    requireForm(asked);
  }).not.toThrow();
  expect(readResponse(asked, accept(fits))).toEqual({ value: accept(fits) });
  for (const [member, wrong] of Object.entries({ agree: false, n: 0, price: 5, kind: "c" }))
    expect(readResponse(asked, accept({ ...fits, [member]: wrong }))).toEqual({
      problem: expect.stringMatching(`^content: ${member}: `),
    });
  for (const odd of [{ n: 3 }, { price: 1.115 }, { more: 1 }])
    expect(readResponse(asked, accept({ ...fits, ...odd }))).toHaveProperty("problem");
});

test("a fraction is a multiple of what it is written as", () => {
  const asked = form({ n: { type: "number", multipleOf: 0.01 } });
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (hundredths) => {
      expect(readResponse(asked, accept({ n: hundredths / 100 }))).toHaveProperty("value");
      expect(readResponse(asked, accept({ n: (hundredths + 0.5) / 100 }))).toHaveProperty(
        "problem",
      );
    }),
  );
});

test("what is chosen may be chosen once, and keeps to all that its field says", () => {
  const items = { type: "string", enum: ["a", "b"] };
  const many = form({ many: { type: "array", items, uniqueItems: true } });
  expect(readResponse(many, accept({ many: ["a", "b"] }))).toHaveProperty("value");
  expect(readResponse(many, accept({ many: ["a", "a"] }))).toEqual({
    problem: "content: many: Array items must be unique",
  });
  const one = form({ one: { enum: ["a", "bb", "ccc"], oneOf: choices, const: "a" } });
  expect(readResponse(one, accept({ one: "a" }))).toHaveProperty("value");
  for (const other of ["b", "bb"])
    expect(readResponse(one, accept({ one: other }))).toHaveProperty("problem");
  const long = form({ one: { enum: ["a", "bb"], minLength: 2 } });
  expect(readResponse(long, accept({ one: "a" }))).toHaveProperty("problem");
});

test.each([
  [{ additionalProperties: { type: "string" } }, '"additionalProperties"'],
  [{ minProperties: 1 }, '"minProperties"'],
  [{ if: {} }, '"if"'],
])("a whole form with %j is refused before it is shown", (more, says) => {
  expect(() => {
    requireForm(elicitation("?", { type: "object", properties: {}, ...more }));
  }).toThrow(`The form: no answer is checked for ${says}`);
});

test("what only tells of a field, or allows all, is no fault", () => {
  const told = { title: "T", description: "D", default: "a", examples: ["a"], enumNames: ["A"] };
  const whole = { $schema: "x", additionalProperties: {}, title: "T", type: "object" };
  const asked = elicitation("?", {
    ...whole,
    properties: { a: { type: "string", ...told, $comment: "c", minLength: undefined } },
  });
  expect(() => {
    requireForm(asked);
  }).not.toThrow();
  expect(readResponse(asked, accept({ b: 1 }))).toEqual({ value: accept({ a: "a", b: 1 }) });
});

test("a form may require what it does not show", () => {
  expect(readResponse(form({}, ["x"]), accept({}))).toHaveProperty("problem");
  expect(readResponse(form({}, ["x"]), accept({ x: 1 }))).toHaveProperty("value");
});

test.each([
  [{ type: "object", properties: {} }, "no field of this kind"],
  [{ $ref: "#/x" }, "no field of this kind"],
  [{ type: "array", items: { type: "array" } }, "no field of this kind"],
  [{ type: "string", format: "uuid" }, 'no format "uuid"'],
  [{ type: "string", enum: ["a", null] }, "no field of this kind"],
  [{ type: "string", oneOf: [{ title: "A" }] }, "no field of this kind"],
  [{ type: "string", oneOf: [{ const: "a", not: {} }] }, 'no answer is checked for "not"'],
  [{ type: "string", not: { const: "a" } }, 'no answer is checked for "not"'],
  [{ type: "string", allOf: [{ pattern: "a" }] }, 'no answer is checked for "allOf"'],
  [{ type: "string", minlength: 1 }, 'no answer is checked for "minlength"'],
  [{ type: "string", trim: true }, 'no answer is checked for "trim"'],
  [{ type: "number", minimum: 0, exclusiveMinimum: true }, '"exclusiveMinimum": true'],
  [{ type: "array", items: { type: "string", contains: {} } }, '"contains"'],
  [{ type: "string", pattern: "(" }, 'the pattern "(" is no regular expression'],
])("a form with %j is refused before it is shown, by the name of its field", (schema, says) => {
  const requireIt = () => {
    requireForm(form({ nested: schema }));
  };
  expect(requireIt).toThrow(says);
  expect(requireIt).toThrow('"nested"');
});

const block = { type: "text", text: "Hi" };

test.each([
  [{ role: "assistant", content: block, model: "m", more: 1 }, undefined],
  [{ role: "user", content: [block, block], model: "m" }, undefined],
  [{ role: "system", content: block, model: "m" }, /^role: Invalid option: expected one of "user"/],
  [{ role: "user", content: [block, "Hi"], model: "m" }, /^content: Invalid input$/],
  [{ role: "user", content: block }, /^model: Invalid input: expected string, received undefined$/],
  [null, /^Invalid input: expected object, received null$/],
])("the answer of a model: %j", (response, problem) => {
  const read = readResponse(sampling({ maxTokens: 1 }), response);
  expect(read).toEqual(problem ? { problem: expect.stringMatching(problem) } : { value: response });
});

test.each([
  [{ roots: [{ uri: "file:///a", name: "a" }], more: 1 }, undefined],
  [{ roots: [{ name: "a" }] }, /^roots: 0: uri: Invalid input: expected string/],
  [{ roots: {} }, /^roots: Invalid input: expected array, received object$/],
  ["x", /^Invalid input: expected object, received string$/],
])("the directories of a client: %j", (response, problem) => {
  const read = readResponse(roots(), response);
  const value = { roots: (response as { roots?: unknown }).roots };
  expect(read).toEqual(problem ? { problem: expect.stringMatching(problem) } : { value });
});
