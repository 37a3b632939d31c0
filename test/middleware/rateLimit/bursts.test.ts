/** Rate limits: what gets through, and who is not touched by them. */
import { describe, expect, test } from "vitest";
import { callTool, issueKey, listTools, rpc } from "../../support/gate";
import { admitted, at, burst, drain, key, read, statuses, t, times } from "./setup";

describe("a burst of one key", () => {
  test.each([10, 32, 60, 120])(
    "of %d parallel calls is let in up to 48, and 32 at least",
    async (count) => {
      const { key: fresh } = await issueKey(t);
      const replies = await burst(count, fresh);
      expect(admitted(replies)).toBeLessThanOrEqual(48);
      expect(admitted(replies)).toBeGreaterThanOrEqual(Math.min(count, 32));
      expect(statuses(replies)).toEqual(count > 48 ? [200, 429] : [200]);
    },
  );

  test("is let in again as its tokens come back, one in two seconds", async () => {
    await drain(read);
    let again = 0;
    for (const seconds of [40, 80]) {
      at(seconds * 1000);
      again += admitted(await burst(60));
      expect(again).toBeLessThanOrEqual(seconds / 2);
      expect(again).toBeGreaterThanOrEqual(0.3 * seconds);
    }
    // Never more than the burst, however long nobody called.
    at(24 * 60 * 60 * 1000);
    expect(admitted(await burst(100))).toBeLessThanOrEqual(48);
  });

  test("does not lose from a clock that goes back", async () => {
    at(-60_000);
    expect(admitted(await burst(60))).toBeGreaterThanOrEqual(32);
  });

  test("does not gain from a clock that goes back", async () => {
    await drain(read);
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

  test("a tenant's keys share 150, and another tenant is not touched", async () => {
    const keys = [key];
    for (let more = 0; more < 5; more++) keys.push((await issueKey(t)).key);
    const replies = (await Promise.all(keys.map((each) => burst(40, each)))).flat();
    expect(admitted(replies)).toBeLessThanOrEqual(150);
    expect(admitted(replies)).toBeGreaterThanOrEqual(120);
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

  test("lists cost a token too", async () => {
    await burst(100);
    const list = await drain(() => rpc(t, key, "tools/list"));
    expect(list.status).toBe(429);
  });
});

test("what is let in is served: lists and calls go on as soon as there is a token", async () => {
  await drain(read);
  at(60_000);
  expect((await listTools(t, key)).length).toBeGreaterThan(0);
  expect((await callTool(t, key, "customers_search")).isError).toBeUndefined();
});
