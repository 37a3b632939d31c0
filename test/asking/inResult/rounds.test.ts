/**
 * Input over several rounds, as clients of 2026-07-28 are asked for it: by the result of their request.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2026-07-28 client/elicitation
 */
import { describe, expect, test } from "vitest";
import { accept, ALL, form, founded, modern, outcomes } from "../../support/askingApp";
import { app, call, found, named, stateOf, type More } from "./setup";

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

test("the answers of a client that can do all are asked for with one state each time", async () => {
  const states = await Promise.all([found(), found(), found({ capabilities: ALL })]);
  expect(new Set(states.map(stateOf)).size).toBe(3);
});
