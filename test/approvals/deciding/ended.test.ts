/** What has changed while a call waited can end it: then an approval runs nothing. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import type { Doc } from "../../../convex/_generated/dataModel";
import { issueKey } from "../../support/gate";
import { decide, refusal } from "../decisions";
import { shop } from "../freshShop";
import { bought, call, held, log, tools, type Shop } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("what ends a call that somebody approves", () => {
  const change = (t: Shop["t"], keyId: string, fields: object) =>
    t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, fields);
    });

  test.each<[string, (own: Shop) => Promise<unknown>]>([
    [
      "its key was revoked",
      ({ t, keyId }) => t.mutation(admin.revokeKey, { keyId, reason: "lost" }),
    ],
    ["its key has expired", ({ t, keyId }) => change(t, keyId, { expiresAt: Date.now() - 1 })],
    ["its key may do less", ({ t, keyId }) => change(t, keyId, { tools: ["plain"] })],
    ["its key may only read", ({ t, keyId }) => change(t, keyId, { readOnly: true })],
    [
      "its key allows other arguments",
      ({ t, keyId }) => change(t, keyId, { constraints: { always: { count: { max: 19 } } } }),
    ],
    [
      "its key fixes other arguments",
      ({ t, keyId }) => change(t, keyId, { fixed: { always: { thing: "chair" } } }),
    ],
    ["its role may do less", ({ t, keyId }) => change(t, keyId, { role: "viewer" })],
    [
      "the role lost the permission",
      ({ t }) => t.mutation(admin.setRole, { name: "admin", remove: ["stock:adjust"] }),
    ],
    [
      "the key that took over was revoked",
      async ({ t, keyId }) => {
        const next = await t.action(admin.rotateKey, { keyId });
        await t.mutation(admin.revokeKey, { keyId: next.keyId, reason: "lost" });
      },
    ],
  ])("%s: for good, and nothing was done", async (_what, narrow) => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    await narrow(shop);
    const { canRun, problem } = await t.query(admin.getApproval, { jobId });
    expect([canRun, problem?.code]).toEqual([false, "no_longer_allowed"]);
    const { approval, message } = await decide(t, jobId, "approve");
    expect(approval).toMatchObject({
      state: "failed",
      failure: {
        code: "no_longer_allowed",
        message: "The rights of this key changed while the call waited. Nothing was done.",
      },
    });
    expect(message).toMatch(/^Can no longer run: ./);
    expect(await refusal(decide(t, jobId, "approve"))).toBe("decided");
    expect((await log(t)).at(-1)).toBe("approvals/approve failed no_longer_allowed");
    expect(await bought(t)).toEqual([]);
  });

  test("a key that was rotated does not: the one that took over counts", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    const second = await t.action(admin.rotateKey, { keyId });
    await t.action(admin.rotateKey, { keyId: second.keyId });
    expect((await decide(t, jobId, "approve")).approval.state).toBe("succeeded");
    expect(await bought(t)).toHaveLength(1);
  });

  test("its tool is another one since", async () => {
    const { t } = shop;
    const { _id, jobId, approval } = await held(shop, "always");
    await t.run((ctx) =>
      ctx.db.patch("toolgateJobs", _id, { approval: { ...approval!, definition: "another" } }),
    );
    expect((await decide(t, jobId, "approve")).approval.failure?.code).toBe("tool_changed");
    const gone = await held(shop, "slow");
    await t.run((ctx) => ctx.db.patch("toolgateJobs", gone._id, { tool: "gone" }));
    expect((await decide(t, gone.jobId, "approve")).approval.failure?.code).toBe("tool_changed");
    expect(Object.keys(tools)).not.toContain("gone");
  });

  test("the app's query refuses it now", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "buy");
    script.rule = "refuse";
    expect((await decide(t, jobId, "approve")).approval.failure).toEqual({
      ...{ code: "no_such", message: "No such." },
    });
    expect(await bought(t)).toEqual([]);
  });

  describe("its rule was lifted, so the same call has run meanwhile", () => {
    type Lift = (own: Shop & { job: Doc<"toolgateJobs"> }) => Promise<unknown>;
    const rules: [string, string, object, Lift][] = [
      [
        "of the key",
        "plain",
        { approval: ["plain"] },
        ({ t, keyId }) => t.mutation(admin.updateKey, { keyId, approval: [] }),
      ],
      [
        "of the role",
        "plain",
        { role: "warehouse" },
        ({ t }) => t.mutation(admin.setRole, { name: "warehouse", approval: [] }),
      ],
      [
        "of the line",
        "always",
        {},
        // The line of `plain` is the same, but for the rule.
        ({ t, job }) => t.run((ctx) => ctx.db.patch("toolgateJobs", job._id, { tool: "plain" })),
      ],
    ];
    test.each(rules)("%s", async (_what, name, fields, lift) => {
      const { t } = shop;
      const own = { ...shop, ...(await issueKey(t, { subject: "ruled", ...fields })) };
      await t.mutation(admin.setRole, { name: "warehouse", approval: ["plain"] });
      const job = await held(own, name);
      await lift({ ...own, job });
      expect((await call(own, "plain")).structuredContent).toEqual({ paid: 200 });
      const { canRun, problem } = await t.query(admin.getApproval, { jobId: job.jobId });
      expect([canRun, problem?.code]).toEqual([false, "approval_not_needed"]);
      const { approval } = await decide(t, job.jobId, "approve");
      expect(approval).toMatchObject({ state: "failed", failure: { code: "approval_not_needed" } });
      expect(await bought(t)).toHaveLength(1);
    });
  });

  test("its time is over: it expires, whatever was decided", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    vi.setSystemTime(Date.now() + 24 * 3_600_000 + 10);
    const { approval, message } = await decide(t, jobId, "approve");
    expect(approval).toMatchObject({ state: "expired", failure: { code: "approval_expired" } });
    expect([approval.decision, message]).toEqual([undefined, expect.stringContaining("expired")]);
    expect(await refusal(decide(t, jobId, "deny"))).toBe("expired");
    expect(await bought(t)).toEqual([]);
    vi.useRealTimers();
  });
});
