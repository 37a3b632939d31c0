import { v, type GenericValidator, type ValidatorJSON } from "convex/values";
import { expect, test } from "vitest";
import { field } from "../fields/field";
import { toJsonSchema } from "./jsonSchema";
import { withKeywords } from "./keywords";

const schemaOf = (validator: GenericValidator) =>
  withKeywords(
    toJsonSchema((validator as unknown as { json: ValidatorJSON }).json, "arguments"),
    validator,
  );

const name = field(v.string(), { description: "Name.", trim: true, minLength: 1 });
const plain = { type: "string", description: "Name.", minLength: 1 };

test("a schema shows the keywords that JSON Schema has, and no others", () => {
  const odd = (value: number) => value % 2 === 1;
  const count = field(v.number(), { type: "integer", maximum: 9, check: [odd, "is odd"] });
  expect(schemaOf(count)).toEqual({ type: "integer", maximum: 9 });
  expect(schemaOf(name)).toEqual(plain);
});

test.each<[string, GenericValidator, object]>([
  ["an object", v.object({ a: name }), { properties: { a: plain } }],
  ["an optional member", v.object({ a: v.optional(name) }), { properties: { a: plain } }],
  ["a list", v.array(v.object({ a: name })), { items: { properties: { a: plain } } }],
  ["a record", v.record(v.string(), name), { additionalProperties: plain }],
  ["a union", v.union(v.null(), name), { anyOf: [{ type: "null" }, plain] }],
  ["a union of one", v.union(name), plain],
  ["an id", field(v.id("orders"), { description: "Order." }), { description: "Order." }],
])("keywords are shown in %s", (_where, validator, schema) => {
  expect(schemaOf(validator)).toMatchObject(schema);
});

test("what is stated last counts, and comes first", () => {
  const other = field(v.optional(name), { description: "Other.", default: "x" });
  expect(JSON.stringify(schemaOf(other))).toBe(
    '{"description":"Other.","default":"x","type":"string","minLength":1}',
  );
});
