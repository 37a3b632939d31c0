/** The same call again joins the one that waits, and only so many calls wait. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { callTool, issueKey, post, rows } from "../../support/gate";
import { shop } from "../freshShop";
import { bought, call, held, log, waiting } from "../setup";
import { says } from "../setup";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("the same call again", () => {
  test("joins the one that waits, and another one does not", async () => {
    const { t } = shop;
    const { jobId } = await held(shop, "always");
    await call(shop, "always");
    expect(await waiting(t)).toMatchObject([{ jobId }]);
    expect((await log(t)).at(-1)).toBe("tools/call replayed");
    await held(shop, "always", { count: 21 });
    const other = await issueKey(t, { subject: "other" });
    await held({ t, key: other.key }, "always");
  });

  test("joins also once the rule would let it run: it was made once", async () => {
    const { t, script } = shop;
    await held(shop, "buy");
    script.price = 1;
    await call(shop, "buy");
    expect([await bought(t), (await waiting(t)).length]).toEqual([[], 1]);
  });

  test.each(["always", "slow"])(
    "%s joins by its idempotency key, and only with the same arguments",
    async (name) => {
      const idempotencyKey = "made-only-once";
      const { jobId } = await held(shop, name, { idempotencyKey });
      await call(shop, name, { idempotencyKey });
      expect(await waiting(shop.t)).toMatchObject([{ jobId }]);
      const other = await call(shop, name, { idempotencyKey, count: 21 });
      expect(says(other)).toContain("idempotency_mismatch");
    },
  );

  test("a batch finds no way round", async () => {
    const { t, key } = shop;
    const one = (id: number, count: number) => {
      const params = { name: "always", arguments: { thing: "desk", count } };
      return { jsonrpc: "2.0", id, method: "tools/call", params };
    };
    const batch = [one(1, 1), one(2, 2), one(3, 1)];
    const { json } = await post(t, key, batch, { "mcp-protocol-version": "2025-03-26" });
    expect(json).toHaveLength(3);
    expect([await bought(t), (await waiting(t)).length]).toEqual([[], 2]);
  });

  test("too many of one subject are refused, whatever its key; another subject is not", async () => {
    const { t } = shop;
    for (let count = 1; count <= 20; count++) await held(shop, "always", { count });
    const second = await issueKey(t, { subject: "agent" });
    const answer = await call({ t, key: second.key }, "always", { count: 21 });
    expect(says(answer)).toContain("too_many_waiting: 20 of your calls");
    await held({ t, key: (await issueKey(t, { subject: "other" })).key }, "always");
  });

  test("to call and withdraw again and again tells people of 20 calls in 10 minutes at most", async () => {
    const { t, key } = shop;
    const told = async (): Promise<number> => {
      const scheduled = await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
      return scheduled.filter(({ name }) => name.endsWith("told")).length;
    };
    const before = await told();
    for (let count = 1; count <= 25; count++) {
      const answer = await call(shop, "always", { count });
      for (const { jobId } of await waiting(t)) await callTool(t, key, "jobs_cancel", { jobId });
      if (count > 20) expect(says(answer)).toContain("too_many_waiting: 20 of your calls wait");
    }
    expect((await told()) - before).toBe(20);
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: now + 11 * 60_000 });
    await held(shop, "always", { count: 30 });
    vi.useRealTimers();
  });

  test("too many of one tenant are refused; another tenant is not", async () => {
    const { t } = shop;
    const { _id, _creationTime, ...job } = await held(shop, "always");
    await t.run(async (ctx) => {
      for (let i = 0; i < 199; i++)
        await ctx.db.insert("toolgateJobs", {
          ...job,
          jobId: `j${String(i)}`,
          subject: `s${String(i)}`,
        });
    });
    expect(says(await call(shop, "always", { count: 2 }))).toContain("too_many_waiting: Too many");
    const globex = await issueKey(t, { tenant: "globex", subject: "agent" });
    await held({ t, key: globex.key }, "always");
    expect((await rows(t, "toolgateJobs")).length).toBe(201);
  });
});
