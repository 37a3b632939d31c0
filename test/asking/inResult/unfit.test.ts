/**
 * Answers that do not fit what was asked: the tool asks again, and nothing is done.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2026-07-28 client/elicitation
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Reply } from "../../support/gate";
import { accept, form, founded, modern } from "../../support/askingApp";
import { app, call, found, named, stateOf } from "./setup";

const isAsked = ({ json }: Reply) => json.result?.resultType === "input_required";

describe("the tool asks again, and nothing is done,", () => {
  test("if a tool that writes gets answers without a state", async () => {
    expect(isAsked(await found({ inputResponses: named("Newco") }))).toBe(true);
    expect(await founded(app.t)).toEqual([]);
  });

  test("if its question has changed in between", async () => {
    const requestState = stateOf(await found());
    app.script.question = "Do you really want to sell it?";
    const again = await found({ requestState, inputResponses: named("Newco") });
    expect(again.json.result?.inputRequests).toEqual({
      named: form("Do you really want to sell it?", "name"),
    });
    expect(await founded(app.t)).toEqual([]);
    await found({ requestState: stateOf(again), inputResponses: named("Newco") });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });

  test.each<[string, object, string?]>([
    ["no answer", {}],
    ["an answer under another key", { other: accept({ name: "Newco" }) }],
    ["one under a key that every object has", { toString: accept({ name: "Newco" }) }],
    ["null", { named: null }, "expected object"],
    ["a number", { named: 12345 }, "expected object"],
    ["a text", { named: "Newco" }, "expected object"],
    ["a list", { named: [accept({ name: "Newco" })] }, "expected object"],
    ["no action", { named: { content: { name: "Newco" } } }, "action: "],
    ["an unknown action", { named: { action: "agree" } }, 'expected one of "accept"|"decline"'],
    ["an action in capitals", { named: { action: "ACCEPT", ...named("Newco") } }, "action: "],
    ["no content", { named: { action: "accept" } }, "content: name: "],
    ["content of the wrong type", named(1), "content: name: Invalid input: expected string"],
    ["a null", named(null), "content: name: Invalid input: expected string"],
    ["content without what is required", { named: accept({}) }, "content: name: "],
    ["content that is a list", { named: accept(["Newco"]) }, "content: "],
  ])("for %s", async (_what, inputResponses, problem?: string) => {
    const requestState = stateOf(await found());
    const again = await found({ requestState, inputResponses });
    const message =
      problem === undefined
        ? "What is its name?"
        : expect.stringMatching(/^What is its name\? \(The last answer did not fit: .*\)$/);
    const { inputRequests } = again.json.result ?? {};
    expect(inputRequests).toEqual({ named: form(message as string, "name") });
    expect(JSON.stringify(inputRequests)).toContain(JSON.stringify(problem ?? "").slice(1, -1));
    expect(await founded(app.t)).toEqual([]);
    // The new state is as good as the first.
    await found({ requestState: stateOf(again), inputResponses: named("Newco") });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });
});

describe("three answers that do not fit", () => {
  const asked = (reply: Reply) => JSON.stringify(reply.json.result?.inputRequests ?? {});

  test("end the call, which says why; what was wrong is told each time", async () => {
    let reply = await found();
    for (const [content, problem] of [
      [{ name: 1 }, "expected string, received number"],
      [{}, "expected string, received undefined"],
    ] as const) {
      reply = await found({
        requestState: stateOf(reply),
        inputResponses: { named: accept(content) },
      });
      expect(asked(reply)).toContain(problem);
      expect(asked(reply).match(/did not fit/g)).toHaveLength(1);
    }
    reply = await found({ requestState: stateOf(reply), inputResponses: named(["A"]) });
    expect(reply.json.result).toMatchObject({ isError: true });
    expect((reply.json.result?.content as { text: string }[])[0]?.text).toMatch(
      /^not_answered: .*did not fit what was asked, 3 times.*content: name: .*received array$/,
    );
    expect(await founded(app.t)).toEqual([]);
  });

  test("count for the question that they answer, and not for the next", async () => {
    const round = (reply: Reply, inputResponses: object) =>
      call("twice", {}, { requestState: stateOf(reply), inputResponses });
    let reply = await call("twice", {});
    for (const answer of [accept({}), accept({ a: 1 }), accept({ a: "1" })])
      reply = await round(reply, { first: answer });
    for (const answer of [accept({}), accept({ b: 1 }), accept({ b: "2" })])
      reply = await round(reply, { second: answer });
    expect(reply.json.result).toMatchObject({ structuredContent: expect.anything() });
  });

  // A body with a member `__proto__` is refused as a whole.
  const content = fc
    .oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()))
    .filter((value) => !JSON.stringify(value).includes('"__proto__"'));

  test("of whatever kind, with whatever text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(content, { minLength: 3, maxLength: 3 }), async (contents) => {
        let reply = await found();
        for (const name of contents) {
          const wrong = { named: { action: "accept", content: { name: { wrong: name } } } };
          reply = await found({ requestState: stateOf(reply), inputResponses: wrong });
          expect(asked(reply)).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
        }
        expect(reply.json.result).toMatchObject({ isError: true });
      }),
      { numRuns: 8 },
    );
  });

  test("in a prompt and in a resource are an error", async () => {
    for (const [method, params, wrong] of [
      ["prompts/get", { name: "ask" }, { context: accept({}) }],
      ["resources/read", { uri: "ask://me" }, { who: accept({}) }],
    ] as const) {
      let reply = await modern(app.t, app.keys.ann, method, params);
      for (let turn = 0; turn < 3; turn++) {
        const back = { requestState: stateOf(reply), inputResponses: wrong };
        reply = await modern(app.t, app.keys.ann, method, { ...params, ...back });
      }
      expect(reply.json.error?.message).toContain("did not fit");
    }
  });
});

test("answers that nobody asked for are ignored", async () => {
  const requestState = stateOf(await found());
  const inputResponses = { ...named("Newco"), other: { roots: [] }, more: null };
  await found({ requestState, inputResponses });
  expect(await founded(app.t)).toEqual(["new: Newco"]);
});

test("answers that are no object are refused", async () => {
  const requestState = stateOf(await found());
  for (const name of ["found", "hello", "nothing"]) {
    for (const inputResponses of [null, [], "text", 1, false]) {
      const { json } = await call(name, { slug: "new" }, { requestState, inputResponses });
      expect(json.error?.code).toBe(-32602);
    }
  }
  expect(await founded(app.t)).toEqual([]);
});
