/**
 * How waiting for an answer on a stream ends, and at how many places a key may wait.
 *
 * @spec MCP 2025-11-25 client/elicitation
 */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { until } from "../../support/streamClient";
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
