/** What the approval of a query allows: its answer may be read for an hour, as it is then and by the rights of then. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { callTool } from "../../support/gate";
import { decide } from "../decisions";
import { shop } from "../freshShop";
import { newest } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("an approval", () => {
  test("lets the answer of a query be read, as it is then and by the rights of then", async () => {
    const { t, key, keyId, script } = shop;
    await callTool(t, key, "look", { thing: "desk" });
    const { jobId } = await newest(t);
    script.price = 11;
    expect((await decide(t, jobId, "approve")).approval.state).toBe("succeeded");
    script.price = 12;
    const read = async () => (await callTool(t, key, "jobs_get", { jobId })).structuredContent;
    expect(await read()).toMatchObject({
      state: "succeeded",
      result: { price: 12, role: "admin" },
    });
    const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
    const watched = await t.query(internal.toolgate.jobs.watch, { jobId, principal });
    expect(JSON.parse(watched!.result!)).toEqual({ price: 12, role: "admin" });
    expect(watched!.approval).toMatchObject({ decision: { verdict: "approved" } });
    await t.mutation(admin.updateKey, { keyId, role: "sales" });
    expect(await read()).toMatchObject({ result: { role: "sales" } });
    await t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, {
        tools: ["jobs_get", "look"],
        constraints: { look: { thing: { oneOf: ["chair"] } } },
      });
    });
    expect(await read()).toMatchObject({ state: "failed", error: { code: "no_longer_allowed" } });
  });

  describe("of a query", () => {
    const approvedQuery = async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
      await callTool(shop.t, shop.key, "look", { thing: "desk" });
      const job = await newest(shop.t);
      await decide(shop.t, job.jobId, "approve");
      return job;
    };
    /** What the two functions tell through which an answer is read, for `jobs_get` and for tasks. */
    const readBoth = async ({ jobId }: { jobId: string }) => {
      const { t, key, keyId } = shop;
      const { structuredContent } = await callTool(t, key, "jobs_get", { jobId });
      const principal = { subject: "agent", tenant: "acme", role: "admin", keyId };
      const watched = await t.query(internal.toolgate.jobs.watch, { jobId, principal });
      return [structuredContent, { state: watched?.state, error: watched?.failure }];
    };

    test("can be read for an hour, and then must be approved anew", async () => {
      const { t } = shop;
      const job = await approvedQuery();
      const begun = Date.now();
      vi.setSystemTime(begun + 3_599_000);
      for (const read of await readBoth(job)) expect(read).toMatchObject({ state: "succeeded" });
      vi.setSystemTime(begun + 3_601_000);
      for (const read of await readBoth(job)) {
        expect(read).toMatchObject({ state: "expired", error: { code: "approval_expired" } });
        expect(read).not.toHaveProperty("result");
      }
      await callTool(t, shop.key, "look", { thing: "desk" });
      expect((await newest(t)).state).toBe("awaiting_approval");
      vi.useRealTimers();
    });

    test.each([
      ["another one", { definition: "another" }, "look"],
      ["no query any more", {}, "slow"],
      ["gone", {}, "gone"],
    ])("is not read once its tool is %s", async (_what, change, name) => {
      const { t } = shop;
      const job = await approvedQuery();
      const { _id, approval } = await newest(t);
      const changed = { tool: name, approval: { ...approval!, ...change } };
      await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, changed));
      const [shown, watched] = await readBoth(job);
      expect(watched).toMatchObject({ state: "failed", error: { code: "tool_changed" } });
      if (name === "gone") expect(shown).toBeUndefined();
      else expect(shown).toMatchObject({ state: "failed", error: { code: "tool_changed" } });
      vi.useRealTimers();
    });
  });
});
