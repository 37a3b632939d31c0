/** Which calls are held, and what a held call leaves behind. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { callTool, dump, issueKey } from "../../support/gate";
import { shop } from "../freshShop";
import { bought, call, held, log, newShop, waiting } from "../setup";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("which calls are held", () => {
  test("by a query of the line: above the limit, and not below it", async () => {
    const { t } = shop;
    expect((await call(shop, "buy", { count: 10 })).structuredContent).toEqual({ paid: 100 });
    expect(await waiting(t)).toEqual([]);
    const { jobId } = await held(shop, "buy", { count: 11 });
    expect(await bought(t)).toEqual(["desk: 10 at 10"]);
    expect(await waiting(t)).toMatchObject([
      {
        ...{ jobId, tool: "buy", title: "Buy", state: "awaiting_approval", subject: "agent" },
        ...{
          tenant: "acme",
          role: "admin",
          keyName: "sales",
          reason: "above your limit of 100 EUR",
        },
        summary: { title: "Buy desk", amount: "110 EUR" },
      },
    ]);
    expect(await log(t)).toEqual(["tools/call succeeded", "tools/call held"]);
  });

  test("by the line alone: a mutation, an action, a query; none of them runs", async () => {
    const { t, script } = shop;
    for (const name of ["always", "slow"]) await held(shop, name);
    await callTool(t, shop.key, "look", { thing: "desk" });
    expect((await waiting(t)).map(({ tool }) => tool)).toEqual(["always", "slow", "look"]);
    expect([await bought(t), script.acted]).toEqual([[], []]);
  });

  test("by the key and by the role, and not the tools by which a caller sees what became of a call", async () => {
    const { t } = shop;
    const { key, keyId } = await issueKey(t, { subject: "narrow" });
    await t.run(async (ctx) => {
      const row = (await ctx.db.query("toolgateKeys").collect()).find(
        (one) => one.keyId === keyId,
      )!;
      await ctx.db.patch("toolgateKeys", row._id, { approval: ["pla*"] });
    });
    const { jobId, approval } = await held({ t, key }, "plain");
    expect(approval?.reason).toBe("this agent needs approval for this tool");
    expect((await call({ t, key }, "buy", { count: 1 })).isError).toBeUndefined();
    await t.run(async (ctx) => {
      const role = (await ctx.db.query("toolgateRoles").collect()).find(
        ({ name }) => name === "admin",
      )!;
      await ctx.db.patch("toolgateRoles", role._id, { approval: ["*"] });
    });
    await held(shop, "plain");
    await held(shop, "buy", { count: 1 });
    const shown = await callTool(t, key, "jobs_get", { jobId });
    expect(shown.structuredContent).toMatchObject({ jobId, state: "awaiting_approval" });
    expect((await callTool(t, key, "jobs_cancel", { jobId })).structuredContent).toMatchObject({
      state: "cancelled",
    });
  });
});

describe("what it leaves behind", () => {
  test("five rows at most, a job without a worker, and a notice without arguments", async () => {
    const { t, script } = shop;
    const count = async () =>
      Object.values(await dump(t)).reduce((sum, table) => sum + table.length, 0);
    const before = await count();
    const { jobId, leaseUntil, expiresAt, createdAt, ...job } = await held(shop, "buy", {
      idempotencyKey: "one-of-a-kind",
    });
    expect((await count()) - before).toBeLessThanOrEqual(5);
    expect(job).toMatchObject({ tool: "buy", arguments: '{"thing":"desk","count":20}' });
    expect([leaseUntil - createdAt, expiresAt - leaseUntil]).toEqual([86_400_000, 172_800_000]);
    const scheduled = await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
    expect(scheduled.map(({ name }) => name)).toEqual(["toolgate/jobs:expire", "probe:told"]);
    await vi.advanceTimersByTimeAsync(1);
    const { reason } = job.approval!;
    expect(script.told).toEqual([
      { jobId, tool: "buy", tenant: "acme", reason, until: leaseUntil },
    ]);
    expect(JSON.stringify(script.told)).not.toContain("desk");
  });

  test.each([
    [{ expiresHours: 2 }, 2],
    [{ expiresHours: 168 }, 168],
    [{}, 24],
  ])("with %j it waits %d hours", async (approvals, hours) => {
    const { approval } = await held(await newShop({ approvals }), "always");
    expect(approval!.until - approval!.askedAt).toBe(hours * 3_600_000);
  });
});
