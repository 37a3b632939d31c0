/** What a denial does: the agent is told, and the same call is denied again for ten minutes. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { callTool, rows } from "../../support/gate";
import { decide } from "../decisions";
import { shop } from "../freshShop";
import { call, held, log } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("a denial", () => {
  test("reaches the agent with the note, stands for the same call, and ends after ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
    const { t, key } = shop;
    const { jobId } = await held(shop, "always");
    const { approval, message } = await decide(t, jobId, "deny", { note: 'Too "dear".\nSorry' });
    expect([approval.state, message]).toEqual(["denied", "Denied. Nothing was done."]);
    const told =
      "A person denied this: \"Too 'dear'. Sorry\". Nothing was done. Do not repeat it or try another way; tell the user.";
    const { structuredContent } = await callTool(t, key, "jobs_get", { jobId });
    expect(structuredContent).toMatchObject({
      state: "denied",
      error: { code: "denied", message: told },
    });
    expect((await call(shop, "always")).content[0]?.text).toBe(`denied: ${told}`);
    expect(await log(t)).toEqual([
      ...["tools/call held", "job/end denied approval_denied", "approvals/deny succeeded"],
      ...["tools/call answered", "tools/call failed denied"],
    ]);
    vi.setSystemTime(Date.now() + 10 * 60_000 + 10);
    await held(shop, "always");
    vi.useRealTimers();
  });

  test("stands under its idempotency key, and is not shed by another", async () => {
    const { t } = shop;
    for (const name of ["always", "slow"]) {
      const { jobId } = await held(shop, name, { idempotencyKey: "one-purchase" });
      await decide(t, jobId, "deny");
      for (const idempotencyKey of ["one-purchase", "another-key"]) {
        const again = await call(shop, name, { idempotencyKey });
        expect(again.content[0]?.text).toMatch(/^denied: A person denied this\. /);
      }
    }
    expect(await rows(t, "toolgateJobs")).toHaveLength(2);
  });

  test.each(["wait", "were withdrawn"])(
    "stands also if 19 of the same were made after it under keys of their own, which %s",
    async (then) => {
      const { t, key } = shop;
      const { jobId } = await held(shop, "always", { idempotencyKey: "purchase-0" });
      for (let made = 1; made < 20; made++) {
        const later = await held(shop, "always", { idempotencyKey: `purchase-${String(made)}` });
        if (then === "were withdrawn")
          await callTool(t, key, "jobs_cancel", { jobId: later.jobId });
      }
      await decide(t, jobId, "deny");
      const again = await call(shop, "always", { idempotencyKey: "purchase-20" });
      expect(again.content[0]?.text).toMatch(/^denied: A person denied this\. /);
      expect(await rows(t, "toolgateJobs")).toHaveLength(20);
    },
  );

  test("needs neither rights nor what was seen: a call that may no longer run can be denied", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    await t.mutation(admin.revokeKey, { keyId, reason: "lost" });
    const { approval } = await t.mutation(admin.decideApproval, {
      jobId,
      verdict: "deny",
      by: "Olga",
    });
    expect(approval.state).toBe("denied");
  });
});
