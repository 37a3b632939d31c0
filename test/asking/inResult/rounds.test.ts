/**
 * Input over several rounds, as clients of 2026-07-28 are asked for it: by the result of their request.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2026-07-28 client/elicitation
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { issueKey, type Reply } from "../../support/gate";
import { accept, ALL, form, founded, modern, outcomes, PAGE } from "../../support/askingApp";
import { app, call, found, named, stateOf, type More } from "./setup";

const isAsked = ({ json }: Reply) => json.result?.resultType === "input_required";

describe("a round trip", () => {
  test("of a tool that writes: nothing before the answer, once after it, both in the audit log", async () => {
    const asked = await found();
    expect(asked.status).toBe(200);
    expect(asked.json.result).toMatchObject({
      resultType: "input_required",
      inputRequests: { named: form("What is its name?", "name") },
    });
    expect(Object.keys(asked.json.result!).sort()).toEqual([
      "_meta",
      "inputRequests",
      "requestState",
      "resultType",
    ]);
    expect(await founded(app.t)).toEqual([]);
    expect(await outcomes(app.t)).toEqual(["asked"]);
    const done = await found({ requestState: stateOf(asked), inputResponses: named("Newco") });
    expect(done.json.result).toMatchObject({
      ...{ resultType: "complete", structuredContent: { result: "Newco" } },
    });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
    expect(await outcomes(app.t)).toEqual(["asked", "succeeded"]);
  });

  test("of a tool that reads", async () => {
    const asked = await call("hello", { greeting: "Hi" });
    const more = {
      requestState: stateOf(asked),
      inputResponses: { user: accept({ name: "Ann" }) },
    };
    const done = await call("hello", { greeting: "Hi" }, more);
    expect(done.json.result).toMatchObject({ structuredContent: { result: "Hi, Ann!" } });
    // It only reads, so that it may be repeated.
    expect((await call("hello", { greeting: "Hi" }, more)).json.result).toMatchObject({
      structuredContent: { result: "Hi, Ann!" },
    });
  });

  test("in two rounds", async () => {
    const first = stateOf(await call("twice", {}));
    const again = await call(
      "twice",
      {},
      {
        requestState: first,
        inputResponses: { first: accept({ a: "1" }) },
      },
    );
    expect(Object.keys(again.json.result!.inputRequests as object)).toEqual(["second"]);
    const second = stateOf(again);
    expect(second).not.toBe(first);
    const done = await call(
      "twice",
      {},
      {
        requestState: second,
        inputResponses: { second: accept({ b: "2" }) },
      },
    );
    expect(done.json.result).toMatchObject({
      structuredContent: { result: JSON.stringify([accept({ a: "1" }), accept({ b: "2" })]) },
    });
  });

  test("of a prompt", async () => {
    const get = (more: More = {}) =>
      modern(app.t, app.keys.ann, "prompts/get", { name: "ask", ...more });
    const done = await get({
      requestState: stateOf(await get()),
      inputResponses: { context: accept({ text: "This one" }) },
    });
    expect(done.json.result).toMatchObject({
      messages: [{ role: "user", content: { type: "text", text: "This one" } }],
    });
  });

  test("of a resource: what is asked must not be cached", async () => {
    const get = (more: More = {}) =>
      modern(app.t, app.keys.ann, "resources/read", { uri: "ask://me", ...more });
    const asked = await get();
    expect(asked.json.result).not.toHaveProperty("ttlMs");
    expect(asked.json.result).not.toHaveProperty("cacheScope");
    const done = await get({
      requestState: stateOf(asked),
      inputResponses: { who: accept({ name: "Me" }) },
    });
    expect(done.json.result).toMatchObject({
      ...{ contents: [{ uri: "ask://me", text: "Me" }], ttlMs: 60_000, cacheScope: "private" },
    });
  });

  test.each(["decline", "cancel"])("a %s reaches the tool", async (action) => {
    const done = await found({
      requestState: stateOf(await found()),
      inputResponses: { named: { action } },
    });
    expect(done.json.result).toMatchObject({ structuredContent: { result: action } });
  });
});

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

test("a tool that must ask fails for a key without a user, whatever its client can answer", async () => {
  const { key } = await issueKey(app.t, { unattended: true });
  for (const name of ["found", "hello"]) {
    const { status, json } = await call(name, name === "found" ? { slug: "new" } : {}, { key });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ isError: true });
    expect(JSON.stringify(json.result)).toContain("for an agent without one. Nobody was asked.");
  }
  expect(await founded(app.t)).toEqual([]);
});

describe("a client that has not said it can be asked", () => {
  test.each<[string, object, object]>([
    ["found", {}, { elicitation: {} }],
    ["found", { elicitation: { url: {} } }, { elicitation: {} }],
    ["found", { sampling: {}, roots: {} }, { elicitation: {} }],
    ["link", { elicitation: {} }, { elicitation: { url: {} } }],
    ["link", { elicitation: { form: {} } }, { elicitation: { url: {} } }],
    ["model", { elicitation: {} }, { sampling: {} }],
  ])("is refused %s with %j", async (name, capabilities, requiredCapabilities) => {
    const args = name === "found" ? { slug: "new" } : {};
    const { status, json } = await call(name, args, { capabilities });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: -32021, data: { requiredCapabilities } });
    expect(await founded(app.t)).toEqual([]);
  });

  test("is asked to open a page only if it can", async () => {
    const asked = await call("link", {}, { capabilities: { elicitation: { url: {} } } });
    expect(asked.json.result?.inputRequests).toEqual({ page: PAGE });
    const done = await call(
      "link",
      {},
      {
        requestState: stateOf(asked),
        inputResponses: { page: { action: "accept" } },
      },
    );
    expect(done.json.result).toMatchObject({ structuredContent: { result: "accept" } });
  });
});

describe("the server's own argument", () => {
  test("is in no schema", async () => {
    const { json, text } = await modern(app.t, app.keys.ann, "tools/list", {});
    expect(json.result!.tools).toHaveLength(6);
    const tools = json.result!.tools as { inputSchema: { properties?: object } }[];
    for (const { inputSchema } of tools) {
      expect(Object.keys(inputSchema.properties ?? {})).not.toContain("input");
    }
    expect(text).not.toContain('"answers"');
    const prompts = await modern(app.t, app.keys.ann, "prompts/list", {});
    expect(prompts.text).not.toContain('"input"');
  });

  test("is refused from a client", async () => {
    const answers = JSON.stringify({ named: { response: accept({ name: "Newco" }) } });
    const input = { can: ["elicitation"], answers };
    for (const sent of [input, null, "text"]) {
      const { json } = await call("found", { slug: "new", input: sent });
      expect(json.result).toMatchObject({ isError: true });
      expect((await call("hello", { input: sent })).json.result).toMatchObject({ isError: true });
    }
    expect(await founded(app.t)).toEqual([]);
  });
});

test("the answers of a client that can do all are asked for with one state each time", async () => {
  const states = await Promise.all([found(), found(), found({ capabilities: ALL })]);
  expect(new Set(states.map(stateOf)).size).toBe(3);
});
