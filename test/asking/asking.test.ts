/** Input over several rounds, as clients of 2026-07-28 are asked for it: by the result of their request. */
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { rows, type Reply } from "../support/gate";
import {
  accept,
  ALL,
  form,
  founded,
  modern,
  newAsking,
  outcomes,
  PAGE,
} from "../support/askingApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

const PEPPER = process.env.TOOLGATE_PEPPERS!;

let app: Awaited<ReturnType<typeof newAsking>>;

beforeEach(async () => {
  app = await newAsking();
});

afterEach(() => {
  vi.useRealTimers();
  process.env.TOOLGATE_PEPPERS = PEPPER;
});

interface More {
  readonly key?: string | undefined;
  readonly capabilities?: object;
  readonly inputResponses?: unknown;
  readonly requestState?: unknown;
}

const call = (
  name: string,
  args: object,
  { key = app.keys.ann, capabilities, ...more }: More = {},
) => modern(app.t, key, "tools/call", { name, arguments: args, ...more }, capabilities);

const found = (more: More = {}) => call("found", { slug: "new" }, more);

const named = (name: unknown) => ({ named: accept({ name }) });

const stateOf = ({ json, text }: Reply): string => {
  const { resultType, requestState } = json.result ?? {};
  if (resultType !== "input_required" || typeof requestState !== "string")
    throw new Error(`not asked: ${text}`);
  return requestState;
};

const isAsked = ({ json }: Reply) => json.result?.resultType === "input_required";

const BAD_STATE = {
  code: -32602,
  message:
    'Invalid params: "requestState" was not issued for this call, or has expired. Call again without it.',
};

const expectRefused = async (reply: Promise<Reply>) => {
  expect((await reply).json.error).toEqual(BAD_STATE);
  expect(await founded(app.t)).toEqual([]);
};

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

describe("a state is refused", () => {
  const inputResponses = named("Newco");

  test("with any character changed, and cut anywhere", async () => {
    const state = stateOf(await found());
    const dot = state.lastIndexOf(".");
    const places = [0, 1, dot >> 1, dot - 1, dot, dot + 1, dot + 20, state.length - 1];
    for (const at of places) {
      for (const put of ["", "A", "B", ".", "=", " ", "é", "\0"]) {
        if (put === state.charAt(at)) continue;
        const requestState = state.slice(0, at) + put + state.slice(at + 1);
        await expectRefused(found({ requestState, inputResponses }));
      }
      await expectRefused(found({ requestState: state.slice(0, at), inputResponses }));
    }
    await expectRefused(found({ requestState: `${state}-TAMPERED`, inputResponses }));
    await expectRefused(found({ requestState: ` ${state}`, inputResponses }));
  });

  test("if the server did not issue it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), (requestState) =>
        expectRefused(found({ requestState, inputResponses })),
      ),
      { numRuns: 30 },
    );
  });

  test("for another tool, and for other arguments", async () => {
    const requestState = stateOf(await found());
    const more = { requestState, inputResponses };
    await expectRefused(call("refound", { slug: "new" }, more));
    await expectRefused(call("found", { slug: "other" }, more));
    await expectRefused(call("found", { slug: "new", more: 1 }, more));
    expect((await rows(app.t, "mcpAudit")).slice(-3)).toMatchObject(
      Array.from({ length: 3 }, () => ({ outcome: "denied", reason: "foreign_state" })),
    );
  });

  test("from another subject, and another tenant", async () => {
    const requestState = stateOf(await found());
    for (const key of [app.keys.bob, app.keys.globex, app.keys.warehouse]) {
      await expectRefused(found({ key, requestState, inputResponses }));
    }
    expect((await found({ requestState, inputResponses })).json.result).toMatchObject({
      structuredContent: { result: "Newco" },
    });
  });

  test("after ten minutes, and not before", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const requestState = stateOf(await found());
    const issued = Date.now();
    vi.setSystemTime(issued + 10 * 60_000);
    await expectRefused(found({ requestState, inputResponses }));
    vi.setSystemTime(issued + 10 * 60_000 - 1_000);
    await found({ requestState, inputResponses });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });

  test("once the pepper it was made under is not listed any more", async () => {
    const requestState = stateOf(await found());
    const fresh = `fresh:${"other-pepper-".repeat(4)}`;
    process.env.TOOLGATE_PEPPERS = `${fresh},${PEPPER}`;
    const { key } = await app.t.action(internal.keys.create, {
      ...{ tenant: "acme", subject: "ann", role: "admin", name: "under the fresh pepper" },
    });
    process.env.TOOLGATE_PEPPERS = fresh;
    await expectRefused(found({ key, requestState, inputResponses }));
    process.env.TOOLGATE_PEPPERS = `${fresh},${PEPPER}`;
    await found({ requestState, inputResponses });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });

  test("if it is no string", async () => {
    for (const requestState of [null, 1, true, {}, ["a"]]) {
      const { json } = await found({ requestState, inputResponses });
      expect(json.error?.code).toBe(-32602);
    }
    expect(await founded(app.t)).toEqual([]);
  });
});

describe("a state counts", () => {
  test("once, if the tool writes", async () => {
    const more = { requestState: stateOf(await found()), inputResponses: named("Newco") };
    await found(more);
    const again = await found(more);
    expect(again.json.result).toMatchObject({ isError: true });
    expect(again.text).toContain("state_used");
    expect(await founded(app.t)).toEqual(["new: Newco"]);
    expect(await outcomes(app.t)).toEqual(["asked", "succeeded", "failed state_used"]);
  });

  test("once, however many calls come at the same time", async () => {
    const more = { requestState: stateOf(await found()), inputResponses: named("Newco") };
    const replies = await Promise.all(Array.from({ length: 5 }, () => found(more)));
    expect(replies.filter(({ json }) => json.result?.isError !== true)).toHaveLength(1);
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });

  test("again after the call has failed", async () => {
    const more = { requestState: stateOf(await found()), inputResponses: named("Newco") };
    app.script.fails = true;
    expect((await found(more)).json.result).toMatchObject({ isError: true });
    expect(await founded(app.t)).toEqual([]);
    app.script.fails = false;
    await found(more);
    expect(await founded(app.t)).toEqual(["new: Newco"]);
  });

  test("for the key that took over from the one that was asked", async () => {
    const requestState = stateOf(await found());
    const { key } = await app.t.action(internal.keys.rotate, { keyId: app.annKeyId });
    const done = await found({ key, requestState, inputResponses: named("Newco") });
    expect(done.json.result).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("with arguments in another order", async () => {
    const asked = await modern(app.t, app.keys.ann, "tools/call", {
      ...{ name: "found", arguments: { slug: "new", idempotencyKey: "key-0001" } },
    });
    const done = await modern(app.t, app.keys.ann, "tools/call", {
      ...{ name: "found", arguments: { idempotencyKey: "key-0001", slug: "new" } },
      ...{ requestState: stateOf(asked), inputResponses: named("Newco") },
    });
    expect(done.json.result).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("together with an idempotency key, which replays what was done", async () => {
    const args = { slug: "new", idempotencyKey: "key-0001" };
    const more = { requestState: stateOf(await call("found", args)), inputResponses: named("A") };
    await call("found", args, more);
    for (const again of [more, {}]) {
      const { json } = await call("found", args, again);
      expect(json.result).toMatchObject({
        ...{ structuredContent: { result: "A" }, _meta: { "toolgate/replayed": true } },
      });
    }
    expect(await founded(app.t)).toEqual(["new: A"]);
    expect(await outcomes(app.t)).toEqual(["asked", "succeeded", "replayed", "replayed"]);
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

  test.each<[string, object]>([
    ["no answer", {}],
    ["an answer under another key", { other: accept({ name: "Newco" }) }],
    ["one under a key that every object has", { toString: accept({ name: "Newco" }) }],
    ["null", { named: null }],
    ["a number", { named: 12345 }],
    ["a text", { named: "Newco" }],
    ["a list", { named: [accept({ name: "Newco" })] }],
    ["no action", { named: { content: { name: "Newco" } } }],
    ["an unknown action", { named: { action: "agree", content: { name: "Newco" } } }],
    ["an action in capitals", { named: { action: "ACCEPT", content: { name: "Newco" } } }],
    ["no content", { named: { action: "accept" } }],
    ["content of the wrong type", named(1)],
    ["a null", named(null)],
    ["content without what is required", { named: accept({}) }],
    ["content that is a list", { named: accept(["Newco"]) }],
  ])("for %s", async (_what, inputResponses) => {
    const requestState = stateOf(await found());
    const again = await found({ requestState, inputResponses });
    expect(again.json.result?.inputRequests).toEqual({ named: form("What is its name?", "name") });
    expect(await founded(app.t)).toEqual([]);
    // The new state is as good as the first.
    await found({ requestState: stateOf(again), inputResponses: named("Newco") });
    expect(await founded(app.t)).toEqual(["new: Newco"]);
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

test("a caller without the right to a tool learns nothing by a state", async () => {
  const requestState = stateOf(await found());
  const reply = async (name: string, state: string) => {
    const { status, text } = await call(
      name,
      { slug: "new" },
      {
        ...{ key: app.keys.viewer, requestState: state, inputResponses: named("Newco") },
      },
    );
    return { status, text: text.replaceAll(name, "NAME") };
  };
  for (const state of [requestState, `${requestState}x`, ""]) {
    expect(await reply("found", state)).toEqual(await reply("nosuch", state));
  }
  expect(await founded(app.t)).toEqual([]);
});

test("the answers of a client that can do all are asked for with one state each time", async () => {
  const states = await Promise.all([found(), found(), found({ capabilities: ALL })]);
  expect(new Set(states.map(stateOf)).size).toBe(3);
});
