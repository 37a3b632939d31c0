/**
 * The state that a client of 2026-07-28 brings back with its answers: when it is refused, and how often it counts.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 */
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { rows, type Reply } from "../../support/gate";
import { founded, modern, outcomes } from "../../support/askingApp";
import { PEPPER, app, call, found, named, stateOf } from "./setup";

const BAD_STATE = {
  code: -32602,
  message:
    'Invalid params: "requestState" was not issued for this call, or has expired. Call again without it.',
};

const expectRefused = async (reply: Promise<Reply>) => {
  expect((await reply).json.error).toEqual(BAD_STATE);
  expect(await founded(app.t)).toEqual([]);
};

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
    expect((await rows(app.t, "toolgateAudit")).slice(-3)).toMatchObject(
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
    const { key } = await app.t.action(internal.toolgate.admin.createKey, {
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
    const { key } = await app.t.action(internal.toolgate.admin.rotateKey, { keyId: app.annKeyId });
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
