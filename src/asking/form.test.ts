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
  yes: { type: "boolean" },
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

test("a form may require what it does not show", () => {
  expect(readResponse(form({}, ["x"]), accept({}))).toHaveProperty("problem");
  expect(readResponse(form({}, ["x"]), accept({ x: 1 }))).toHaveProperty("value");
});

test.each([
  [{ type: "object", properties: {} }, "no field of this kind"],
  [{ $ref: "#/x" }, "no field of this kind"],
  [{ type: "array", items: { type: "array" } }, "no field of this kind"],
  [{ type: "string", format: "uuid" }, 'no format "uuid"'],
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
