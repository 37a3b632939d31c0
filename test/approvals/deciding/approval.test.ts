/** What an approval does: the tool runs at most once, in the transaction of the yes, and for what the operator has seen. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { callTool, rows } from "../../support/gate";
import { decide, refusal } from "../decisions";
import { shop } from "../freshShop";
import { bought, call, held, log, newest } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("an approval", () => {
  test("runs a mutation once, with its record, its result and both audit rows", async () => {
    const { t, key } = shop;
    const { jobId, operation } = await held(shop, "buy", { idempotencyKey: "one-purchase" });
    const { approval, message } = await decide(t, jobId, "approve", { note: "Fine." });
    expect(message).toBe("Approved, and done.");
    expect(approval).toMatchObject({
      state: "succeeded",
      decision: { verdict: "approved", by: "Olga", how: "operator", note: "Fine." },
    });
    expect(await bought(t)).toEqual(["desk: 20 at 10"]);
    expect((await rows(t, "tenants")).at(-1)?.slug).toBe(`bought/desk/${operation}`);
    expect(await newest(t)).toMatchObject({ state: "succeeded", result: '{"paid":200}' });
    expect(await log(t)).toEqual([
      ...["tools/call held", "job/end succeeded", "approvals/approve succeeded"],
    ]);
    const again = await call(shop, "buy", { idempotencyKey: "one-purchase" });
    expect(again.structuredContent).toEqual({ paid: 200 });
    expect(again._meta).toMatchObject({ "toolgate/replayed": true });
    const shown = await callTool(t, key, "jobs_get", { jobId });
    expect(shown.structuredContent).toMatchObject({ state: "succeeded", result: { paid: 200 } });
    expect(await bought(t)).toHaveLength(1);
  });

  test("says in the audit log who decided on what, and what they had seen", async () => {
    const { t } = shop;
    const { jobId, operation, keyId } = await held(shop, "always");
    const { seen } = await t.query(admin.getApproval, { jobId });
    await decide(t, jobId, "approve", { by: "Olga Orlova" });
    const row = (await rows(t, "toolgateAudit")).at(-1)!;
    expect(row).toMatchObject({ operation, keyId, tenant: "acme", tool: "always" });
    expect(row.protocol).toBe("operator");
    expect(JSON.parse(row.arguments!)).toEqual({ jobId, by: "Olga Orlova", how: "operator", seen });
  });

  test.each([
    ["refuse", "sold_out", "Gone."],
    ["break", "internal", "Nothing was done."],
    ["misfit", "invalid_result", "Nothing was done."],
  ] as const)(
    "of a mutation that does %s is recorded, and nothing of it stays",
    async (then, code, text) => {
      const { t, script } = shop;
      const { jobId } = await held(shop, "always", { idempotencyKey: "one-purchase" });
      script.then = then;
      const { approval, message } = await decide(t, jobId, "approve");
      expect(message).toMatch(`Approved, but failed: ${code}: `);
      expect(approval).toMatchObject({ state: "failed", decision: { verdict: "approved" } });
      expect(approval.failure?.code).toBe(code);
      expect(approval.failure?.message).toContain(text);
      expect(approval.failure?.message).not.toContain("secret");
      expect([await bought(t), await rows(t, "toolgateIdempotency")]).toEqual([[], []]);
      expect((await log(t)).slice(1)).toEqual([
        `job/end failed ${code}`,
        `approvals/approve failed ${code}`,
      ]);
      script.then = "return";
      await held(shop, "always", { idempotencyKey: "one-purchase" });
    },
  );

  test("queues an action, whose worker runs it once", async () => {
    const { t, script } = shop;
    const { jobId } = await held(shop, "slow");
    const { approval } = await decide(t, jobId, "approve");
    expect([approval.state, script.acted]).toEqual(["queued", []]);
    await vi.advanceTimersByTimeAsync(10);
    await t.finishInProgressScheduledFunctions();
    expect(await newest(t)).toMatchObject({ state: "succeeded", result: '"did desk"' });
    expect(script.acted).toEqual(["desk"]);
    expect((await log(t)).slice(1)).toEqual(["approvals/approve succeeded", "job/end succeeded"]);
    const { approvals } = await t.query(admin.listApprovals, { state: "decided" });
    expect(approvals).toMatchObject([{ jobId, state: "succeeded" }]);
  });

  test("of an action that its precheck refuses now starts nothing", async () => {
    const { t } = shop;
    const { _id, jobId } = await held(shop, "slow");
    await t.run((ctx) =>
      ctx.db.patch("toolgateJobs", _id, { arguments: '{"thing":"nothing","count":1}' }),
    );
    expect((await decide(t, jobId, "approve")).approval).toMatchObject({
      ...{ state: "failed", failure: { code: "nothing" } },
    });
  });

  test("is of the role that was shown: with another one it must be looked at again", async () => {
    const { t, keyId } = shop;
    const { jobId } = await held(shop, "always");
    const { seen, role } = await t.query(admin.getApproval, { jobId });
    await t.mutation(admin.updateKey, { keyId, role: "warehouse" });
    const decision = { jobId, verdict: "approve", by: "Olga", seen } as const;
    expect(await refusal(t.mutation(admin.decideApproval, decision))).toBe("changed");
    const now = await t.query(admin.getApproval, { jobId });
    expect([role, now.role, now.canRun]).toEqual(["admin", "warehouse", true]);
  });

  test("of what was done meanwhile under the same idempotency key does nothing", async () => {
    const { t, script } = shop;
    const idempotencyKey = "one-purchase";
    const { jobId, idempotency } = await held(shop, "buy", { idempotencyKey });
    await t.run((ctx) =>
      ctx.db.insert("toolgateIdempotency", {
        ...{
          ...idempotency!,
          operation: "another",
          result: '{"paid":1}',
          expiresAt: Date.now() + 60_000,
        },
      }),
    );
    script.price = 10;
    const { approval, message } = await decide(t, jobId, "approve");
    expect([approval.state, message]).toEqual([
      "succeeded",
      expect.stringContaining("did nothing"),
    ]);
    expect((await newest(t)).result).toBe('{"paid":1}');
    expect(await bought(t)).toEqual([]);
  });
});
