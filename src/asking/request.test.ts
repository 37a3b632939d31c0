import fc from "fast-check";
import { expect, test } from "vitest";
import { capabilitiesFor, elicitation, kindOf, kindsIn, roots, sampling } from "./request";

test.each<[unknown, string[]]>([
  [undefined, []],
  [null, []],
  ["elicitation", []],
  [["elicitation"], []],
  [{}, []],
  [{ elicitation: true, sampling: 1, roots: null }, []],
  // Elicitation without a mode means forms: that is what clients of 2025-06-18 send.
  [{ elicitation: {} }, ["elicitation"]],
  [{ elicitation: { form: {} } }, ["elicitation"]],
  [{ elicitation: { url: {} } }, ["elicitation.url"]],
  [{ elicitation: { form: {}, url: {} } }, ["elicitation", "elicitation.url"]],
  [{ sampling: {} }, ["sampling"]],
  [{ sampling: { tools: {} } }, ["sampling", "sampling.tools"]],
  [{ roots: { listChanged: true } }, ["roots"]],
])("the capabilities %j stand for %j", (capabilities, kinds) => {
  expect(kindsIn(capabilities)).toEqual(kinds);
});

test("what a request needs", () => {
  expect(kindOf(elicitation("?", {}))).toBe("elicitation");
  expect(kindOf({ method: "elicitation/create", params: { message: "?" } })).toBe("elicitation");
  expect(kindOf({ method: "elicitation/create", params: { mode: "url", message: "?" } })).toBe(
    "elicitation.url",
  );
  expect(kindOf(sampling({ maxTokens: 1 }))).toBe("sampling");
  expect(kindOf(sampling({ maxTokens: 1, tools: [] }))).toBe("sampling.tools");
  expect(kindOf(roots())).toBe("roots");
});

const kinds = ["elicitation", "elicitation.url", "sampling", "sampling.tools", "roots"] as const;

test("a client that declares what was missing can be asked for it, whatever it was", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...kinds]), (missing) => {
      expect(kindsIn(capabilitiesFor(missing))).toEqual(expect.arrayContaining(missing));
    }),
  );
});
