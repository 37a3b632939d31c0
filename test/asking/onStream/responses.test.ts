/**
 * The response to a question on a stream: which one counts, and what it leads to.
 *
 * @spec MCP 2025-11-25 client/elicitation
 * @spec MCP 2025-11-25 basic/transports
 */
import { describe, expect, test } from "vitest";
import { rows } from "../../support/gate";
import { accept, founded } from "../../support/askingApp";
import {
  app,
  newSession,
  found,
  question,
  respond,
  named,
  resultIn,
  isOver,
  expectFailed,
} from "./setup";

describe("a response", () => {
  test.each(["decline", "cancel"])("that is a %s reaches the tool", async (action) => {
    const heard = await found(await newSession());
    await respond(await question(heard), { result: { action } });
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: action } });
  });

  test("that is an error ends the call, and nothing is done", async () => {
    const heard = await found(await newSession());
    const error = { code: -1, message: "User rejected" };
    expect(await respond(await question(heard), { error })).toBe(202);
    await expectFailed(heard, "User rejected");
  });

  test.each([
    ["no object", "Newco"],
    ["without an action", { content: { name: "Newco" } }],
    ["of the wrong type", accept({ name: 1 })],
    ["without what is required", accept({})],
  ])("%s is asked for again", async (_what, result) => {
    const heard = await found(await newSession());
    await respond(await question(heard), { result });
    const again = await question(heard, 1);
    expect(again.params?.message).toMatch(/^What is its name\? \(The last answer did not fit: /);
    expect(await founded(app.t)).toEqual([]);
    await respond(again, named("Newco"));
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("that does not fit is the last if it is the third", async () => {
    const heard = await found(await newSession());
    for (const at of [0, 1, 2]) await respond(await question(heard, at), named(at));
    await expectFailed(heard, "did not fit what was asked, 3 times");
  });

  test("of another caller is ignored: the call goes on waiting", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    for (const key of [app.keys.bob, app.keys.globex]) {
      expect(await respond(asked, named("Stolen"), key)).toBe(202);
    }
    expect(await respond(asked, named("Stolen"), "no key")).toBe(401);
    expect(await isOver(heard)).toBe(false);
    await respond(asked, named("Newco"));
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("counts once: the first", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    expect(await respond(asked, named("First"))).toBe(202);
    expect(await respond(asked, named("Second"))).toBe(202);
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "First" } });
    expect(await respond(asked, named("Late"))).toBe(202);
    expect(await founded(app.t)).toEqual(["new: First"]);
  });

  test("that is too long is refused by its status, and another one counts", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    expect(await respond(asked, named("x".repeat(300_000)))).toBe(400);
    expect(await respond(asked, named("Newco"))).toBe(202);
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("to nothing that was asked is accepted and forgotten", async () => {
    for (const id of ["nothing", 1, crypto.randomUUID()]) {
      expect(await respond({ id }, named("Newco"))).toBe(202);
    }
    expect(await rows(app.t, "toolgateQuestions")).toEqual([]);
  });
});
