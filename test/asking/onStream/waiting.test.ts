/**
 * How waiting for an answer on a stream ends, and at how many places a key may wait.
 *
 * @spec MCP 2025-11-25 client/elicitation
 */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { notify, until } from "../../support/streamClient";
import { rows } from "../../support/gate";
import { founded, outcomes } from "../../support/askingApp";
import {
  app,
  newSession,
  found,
  questionsIn,
  question,
  respond,
  named,
  expectFailed,
  isOver,
  resultIn,
  within,
} from "./setup";

describe("waiting ends", () => {
  test("when the key is revoked", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    await app.t.mutation(internal.toolgate.admin.revokeKey, { keyId: app.annKeyId });
    await expectFailed(heard, "revoked");
    expect(await respond(asked, named("Newco"))).toBe(401);
  });

  test("when the client goes away: nothing is written, and its place is free", async () => {
    const session = await newSession();
    const gone = new AbortController();
    const heard = await found(session, { signal: gone.signal });
    const asked = await question(heard);
    expect(await rows(app.t, "toolgateStreamLeases")).toHaveLength(1);
    gone.abort();
    await heard.ended;
    await until(async () => (await rows(app.t, "toolgateStreamLeases")).length === 0);
    await respond(asked, named("Newco"));
    expect(await founded(app.t)).toEqual([]);
    expect(await outcomes(app.t)).toEqual(["asked"]);
  });

  test.each([
    ["while it waits", 0],
    ["in its second round", 1],
  ])(
    "when the client cancels the call %s: an answer that comes later does nothing",
    async (_, rounds) => {
      const session = await newSession();
      const heard = await found(session, { id: "mine" });
      const gone = new AbortController();
      const other = await found(session, { id: "other", signal: gone.signal }, "other");
      for (let round = 0; round < rounds; round++) {
        const asked = await question(heard, round);
        app.script.question = `Once more: ${String(round)}`;
        await respond(asked, named("Newco"));
      }
      const asked = await question(heard, rounds);
      const cancel = { requestId: "mine", reason: "The user has left." };
      const headers = within(session).headers!;
      await notify(app.t, app.keys.bob, "notifications/cancelled", cancel, headers);
      expect(await isOver(heard)).toBe(false);
      await notify(app.t, app.keys.ann, "notifications/cancelled", cancel, headers);
      const result = await resultIn(heard);
      expect(JSON.stringify(result)).toContain("The call was cancelled. Nothing was done.");
      expect(await respond(asked, named("Newco"))).toBe(202);
      expect(await founded(app.t)).toEqual([]);
      expect(await isOver(other)).toBe(false);
      expect(await rows(app.t, "toolgateStreamLeases")).toHaveLength(1);
      gone.abort();
      await other.ended;
    },
  );

  test("when the answer does not come in five minutes", async () => {
    const heard = await found(await newSession());
    await question(heard);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 5 * 60_000);
    await expectFailed(heard, "not_answered");
  });

  test("after eight rounds, each with another question", async () => {
    const heard = await found(await newSession());
    for (let round = 0; round < 8; round++) {
      const asked = await question(heard, round);
      app.script.question = `Once more: ${String(round)}`;
      await respond(asked, named("Newco"));
    }
    await expectFailed(heard, "too often");
    expect(questionsIn(heard)).toHaveLength(8);
  });
});

test("a key may wait in four places at once", async () => {
  const session = await newSession();
  const streams = [];
  for (let i = 0; i < 4; i++) streams.push(await found(session, {}, `c${String(i)}`));
  expect((await found(session)).status).toBe(429);
  for (const heard of streams)
    await respond(await question(heard), { result: { action: "cancel" } });
  for (const heard of streams) await heard.ended;
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
});
