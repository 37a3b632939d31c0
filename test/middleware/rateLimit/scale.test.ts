/** TOOLGATE_LIMIT_SCALE makes all limits wider or narrower. */
import { describe, expect, test, vi } from "vitest";
import { issueKey, rpc } from "../../support/gate";
import { admitted, at, burst, key, t, times } from "./setup";

describe("TOOLGATE_LIMIT_SCALE", () => {
  test.each(["0", "-1", "x", "", "NaN", "Infinity"])("%j counts as 1", async (scale) => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", scale);
    const count = admitted(await burst(60));
    expect(count).toBeLessThanOrEqual(48);
    expect(count).toBeGreaterThanOrEqual(36);
  });

  test("raises rate and burst, and the policy says so", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "3");
    at(60_000);
    const replies = await burst(200);
    expect(admitted(replies)).toBeLessThanOrEqual(144);
    expect(admitted(replies)).toBeGreaterThanOrEqual(108);
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.headers.get("ratelimit-policy")).toBe('"key";q=144;w=24, "tenant";q=600;w=20');
  });

  test("holds for a key's first burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "3");
    const { key: fresh } = await issueKey(t);
    expect(admitted(await burst(144, fresh))).toBeGreaterThanOrEqual(108);
  });

  test("lowers rate and burst", async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.5");
    const count = admitted(await burst(60));
    expect(count).toBeLessThanOrEqual(24);
    expect(count).toBeGreaterThanOrEqual(18);
  });

  test.each(["0.3", "0.1", "0.01"])(
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
