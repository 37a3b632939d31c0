/** A question that was asked for one fixed value is not answered for another. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { modern } from "../../support/askingApp";
import { rows } from "../../support/gate";
import { companies, fixed, key, keyId, t, update } from "./app";

describe("a question that was asked for one value", () => {
  const params = { name: "ask", arguments: { text: "asked" } };
  const elicits = { elicitation: {} };

  test("is not answered for another", async () => {
    const asked = await modern(t, key, "tools/call", params, elicits);
    const { requestState } = asked.json.result as { requestState: string };
    const inputResponses = { sure: { action: "accept", content: { name: "yes" } } };
    const answer = () =>
      modern(t, key, "tools/call", { ...params, requestState, inputResponses }, elicits);
    await update({ fixed: { ask: { company: "globex" } } });
    expect((await answer()).json.error?.message).toContain('"requestState" was not issued');
    await update({ fixed });
    expect((await answer()).json.result).toMatchObject({ resultType: "complete" });
    expect((await companies()).filter((one) => one.endsWith("asked"))).toEqual(["acme: asked"]);
  });

  test("nor does its job go on with a value that was overruled", async () => {
    /** Parks a job, changes the key, answers, and returns how the job has ended. */
    const endAfter = async (then: object) => {
      await modern(t, key, "tools/call", { ...params, name: "park" }, elicits);
      await update(then);
      const { jobId, tenant, subject, role } = (await rows(t, "toolgateJobs")).at(-1)!;
      const responses = JSON.stringify({ sure: { action: "accept", content: { name: "yes" } } });
      const principal = { tenant, subject, role, keyId };
      await t.mutation(internal.toolgate.jobs.answer, { jobId, principal, responses });
      const job = async () => (await rows(t, "toolgateJobs")).at(-1)!;
      await vi.waitUntil(async () => ["succeeded", "failed"].includes((await job()).state));
      return job();
    };
    const overruled = { state: "failed", failure: { code: "not_allowed" } };
    expect(await endAfter({ fixed })).toMatchObject({ state: "succeeded", result: '"acme"' });
    expect(await endAfter({ fixed: { park: { company: "globex" } } })).toMatchObject(overruled);
  });
});
