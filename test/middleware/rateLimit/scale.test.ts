/** TOOLGATE_LIMIT_SCALE makes all limits wider or narrower. */
import { describe, expect, test, vi } from "vitest";
import { issueKey, rpc } from "../../support/gate";
import { admitted, at, burst, key, keyId, read, start, statuses, t, times } from "./setup";

/** Takes all tokens of the key, in as many shards as there are at any scale. */
const empty = () =>
  t.run(async (ctx) => {
    for (const row of await ctx.db.query("toolgateBuckets").collect())
      if (row.name === `key:${keyId}`) await ctx.db.patch(row._id, { tokens: 0, at: start });
  });

describe("TOOLGATE_LIMIT_SCALE", () => {
  test.each(["0", "-1", "x", "", "NaN", "Infinity"])("%j counts as 1", async (scale) => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", scale);
    await empty();
    expect((await read()).headers.get("ratelimit-policy")).toBe(
      '"key";q=192;w=96, "tenant";q=600;w=60',
    );
  });

  test("raises rate and burst, and the policy says so", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.5");
    const replies = await burst(150);
    expect(admitted(replies)).toBeLessThanOrEqual(96);
    expect(admitted(replies)).toBeGreaterThanOrEqual(72);
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.headers.get("ratelimit-policy")).toBe('"key";q=96;w=96, "tenant";q=300;w=60');
  });

  test("holds for a key's first burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "3");
    const { key: fresh } = await issueKey(t);
    expect(statuses(await burst(220, fresh))).toEqual([200]);
  });

  test("lowers rate and burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.125");
    const count = admitted(await burst(40));
    expect(count).toBe(24);
  });

  test.each(["0.1", "0.02", "0.002"])(
    "%s slows writes down and does not stop them",
    async (scale) => {
      vi.stubEnv("TOOLGATE_LIMIT_SCALE", scale);
      let passed = 0;
      for (let minute = 0; minute < 10; minute++) {
        at(minute * 60_000);
        passed += admitted(
          await times(10, () => rpc(t, key, "tools/call", { name: "stock_adjust" })),
        );
      }
      expect(passed).toBeGreaterThan(0);
    },
  );
});
