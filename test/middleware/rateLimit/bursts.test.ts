/** Rate limits: what gets through, and who is not touched by them. */
import { describe, expect, test } from "vitest";
import { bearer, callTool, issueKey, listTools, rpc, type Reply } from "../../support/gate";
import { admitted, at, burst, drain, key, ping, statuses, t, times } from "./setup";

describe("a burst of one key", () => {
  test.each([10, 50, 100, 200])(
    "of %d parallel calls is let in up to 48, and 36 at least",
    async (count) => {
      for (let run = 0; run < 3; run++) {
        const { key: fresh } = await issueKey(t);
        // The tenant's own limit is not what is tested here.
        await t.run(async (ctx) => {
          for (const row of await ctx.db.query("toolgateBuckets").collect())
            if (row.name.startsWith("tenant:")) await ctx.db.patch(row._id, { tokens: 1000 });
        });
        const replies = await burst(count, fresh);
        expect(admitted(replies)).toBeLessThanOrEqual(48);
        expect(admitted(replies)).toBeGreaterThanOrEqual(Math.min(count, 36));
        expect(statuses(replies)).toEqual(count > 48 ? [200, 429] : [200]);
      }
    },
  );

  test("is let in again as its tokens come back, two a second", async () => {
    await drain(ping);
    let again = 0;
    for (const seconds of [10, 20]) {
      at(seconds * 1000);
      again += admitted(await burst(60));
      expect(again).toBeLessThanOrEqual(2 * seconds);
      expect(again).toBeGreaterThanOrEqual(1.2 * seconds);
    }
    // Never more than the burst, however long nobody called.
    at(24 * 60 * 60 * 1000);
    expect(admitted(await burst(100))).toBeLessThanOrEqual(48);
  });

  test("does not lose from a clock that goes back", async () => {
    at(-60_000);
    expect(admitted(await burst(60))).toBeGreaterThanOrEqual(36);
  });

  test("does not gain from a clock that goes back", async () => {
    await drain(ping);
    at(-60_000);
    expect(admitted(await burst(20))).toBe(0);
  });
});

describe("the limits are apart", () => {
  test("another key of the tenant is not touched", async () => {
    const other = await issueKey(t);
    await burst(100);
    expect(admitted(await burst(10, other.key))).toBe(10);
  });

  test("a tenant's keys share 200, and another tenant is not touched", async () => {
    const keys = [key];
    for (let more = 0; more < 7; more++) keys.push((await issueKey(t)).key);
    const replies = (await Promise.all(keys.map((each) => burst(40, each)))).flat();
    expect(admitted(replies)).toBeLessThanOrEqual(200);
    expect(admitted(replies)).toBeGreaterThanOrEqual(150);
    const policies = replies
      .filter(({ status }) => status === 429)
      .map(({ headers }) => headers.get("ratelimit")!.split(";")[0]);
    expect(policies).toContain('"tenant"');
    const { key: foreign } = await issueKey(t, { tenant: "globex" });
    expect(admitted(await burst(10, foreign))).toBe(10);
  });

  test("a denied tool costs a token all the same", async () => {
    const { key: viewer } = await issueKey(t, { role: "viewer" });
    const denied = () => rpc(t, viewer, "tools/call", { name: "nonesuch" });
    expect(statuses(await times(60, denied))).toEqual([200, 429]);
    expect(statuses(await burst(5, viewer))).toContain(429);
  });

  test("lists, discovery and GET cost a token too", async () => {
    await burst(100);
    const list = await drain(() => rpc(t, key, "tools/list"));
    expect(list.status).toBe(429);
    const get = async () => {
      const response = await t.fetch("/mcp", { headers: bearer(key) });
      return { status: response.status } as Reply;
    };
    expect((await drain(get)).status).toBe(429);
  });
});

test("what is let in is served: lists and calls go on as soon as there is a token", async () => {
  await drain(ping);
  at(60_000);
  expect((await listTools(t, key)).length).toBeGreaterThan(0);
  expect((await callTool(t, key, "customers_search")).isError).toBeUndefined();
});
