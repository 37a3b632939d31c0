/** An approval counts for the answers that were read with the call: a tool that would ask again does not run. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { accept, modern } from "../../support/askingApp";
import { decide } from "../decisions";
import { shop } from "../freshShop";
import { bought, newest } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("an approval", () => {
  test("of a call with answers gives them to the tool; one that would ask again does not run", async () => {
    const { t, key } = shop;
    const answered = async (thing: string) => {
      const asking = { name: "asks", arguments: { thing } };
      const can = { elicitation: {} };
      const { requestState } = (await modern(t, key, "tools/call", asking, can)).json.result ?? {};
      const inputResponses = { who: accept({ name: "Ada" }) };
      await modern(t, key, "tools/call", { ...asking, requestState, inputResponses }, can);
      return newest(t);
    };
    const { jobId: first } = await answered("lamp");
    const { answers = "" } = await t.query(admin.getApproval, { jobId: first });
    expect(JSON.parse(answers)).toEqual({ who: accept({ name: "Ada" }) });
    await decide(t, first, "approve");
    expect(await bought(t)).toEqual(["lamp: Ada"]);
    const { _id, jobId } = await answered("rug");
    await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { input: { can: [], answers: "{}" } }));
    expect((await decide(t, jobId, "approve")).approval.failure?.code).toBe("asks_again");
    expect(await bought(t)).toHaveLength(1);
  });

  test("of an action that asks only then ends it: nobody who approved has read the answers", async () => {
    const { t, key, script } = shop;
    const asking = { name: "asksLate", arguments: { thing: "lamp" } };
    await modern(t, key, "tools/call", asking, { elicitation: {} });
    const { jobId } = await newest(t);
    await decide(t, jobId, "approve");
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(await newest(t)).toMatchObject({
      ...{ state: "unknown", failure: { code: "asked_after_approval" } },
    });
    const principal = { tenant: "acme", subject: "agent", role: "admin", keyId: shop.keyId };
    const responses = JSON.stringify({ who: accept({ name: "Mallory" }) });
    await t.mutation(internal.toolgate.jobs.answer, { jobId, principal, responses });
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(script.acted).toEqual([]);
  });
});
