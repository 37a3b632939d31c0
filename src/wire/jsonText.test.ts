import { expect, test } from "vitest";
import { JsonText, objectText } from "./jsonText";

const ready = new JsonText('{"a":[1,"\\u2028"]}');

test.each<[string, object]>([
  ["without one", { a: 1, b: [null, "x"], c: undefined }],
  ["beside others", { before: "x", ready, left: undefined, after: { deep: true } }],
  ["deeper", { results: [{ ready }] }],
  ["at both places", { ready, deeper: { ready } }],
  ["under a name to be escaped", { '"\n': ready }],
  ["nothing at all", {}],
])("a text stands for its value: %s", (_where, object) => {
  const text = objectText(object);
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(object)));
});

test("it is sent as it was written", () => {
  expect(objectText({ ready: new JsonText('{ "a" : 1.0 }') })).toBe('{"ready":{ "a" : 1.0 }}');
});
