/** A call that may write costs more tokens than one that reads. */
import { describe, expect, test } from "vitest";
import { issueKey, rows, rpc } from "../../support/gate";
import { admitted, at, drain, key, keyId, ping, start, statuses, t, times } from "./setup";

describe("a write takes four tokens of its key's", () => {
  const write = (as = key, name = "customers_create") => rpc(t, as, "tools/call", { name });
  /** Tokens that are left in all shards of a bucket, at a moment when none has come back. */
  const left = async (bucket: string) =>
    (await rows(t, "toolgateBuckets"))
      .filter(({ name }) => name === bucket)
      .reduce((sum, { tokens, at: since }) => sum + (since === 0 ? NaN : tokens), 0);
  /** Every shard full, as of now. */
  const refill = () =>
    t.run(async (ctx) => {
      for (const row of await ctx.db.query("toolgateBuckets").collect()) {
        const tokens = row.name.startsWith("key:") ? 8 : 12.5;
        await ctx.db.patch(row._id, { tokens, at: start });
      }
    });

  test("so 12 are let in at once, and half of a burst of 12 at least", async () => {
    const replies = await times(12, () => write());
    expect(admitted(replies)).toBeGreaterThanOrEqual(6);
    const more = await times(60, () => write());
    expect(admitted(replies) + admitted(more)).toBe(12);
    expect(more.find(({ status }) => status === 429)!.headers.get("ratelimit")).toBe(
      '"key";r=0;t=12',
    );
  });

  test("so 30 are let in a minute, and no more", async () => {
    await drain(write);
    let again = 0;
    for (let seconds = 6; seconds <= 120; seconds += 6) {
      at(seconds * 1000);
      again += admitted(await times(12, () => write()));
    }
    expect(again).toBeLessThanOrEqual(60);
    expect(again).toBeGreaterThanOrEqual(54);
  });

  test.each([
    ["a mutation", "customers_create", 4],
    ["an action", "customers_import", 4],
    ["a query", "customers_search", 1],
    ["what is no tool", "nonesuch", 1],
  ])("%s", async (_what, name, cost) => {
    await refill();
    const reply = await write(key, name);
    expect([reply.status, reply.json.error?.code ?? -32602]).toEqual([200, -32602]);
    expect(await left(`key:${keyId}`)).toBe(48 - cost);
    expect(await left("tenant:acme")).toBe(199);
  });

  test("but one that the role does not allow costs no more than a tool that there is not", async () => {
    const viewer = await issueKey(t, { role: "viewer" });
    await refill();
    for (const name of ["customers_create", "nonesuch"]) await write(viewer.key, name);
    expect(await left(`key:${viewer.keyId}`)).toBe(46);
  });

  test("and a refused one none: reads go on with what is left", async () => {
    await t.run(async (ctx) => {
      for (const row of await ctx.db.query("toolgateBuckets").collect())
        if (row.name === `key:${keyId}`) await ctx.db.patch(row._id, { tokens: 3, at: start });
    });
    expect(statuses(await times(20, () => write()))).toEqual([429]);
    expect(await left(`key:${keyId}`)).toBe(18);
    expect(admitted(await times(9, () => ping()))).toBeGreaterThanOrEqual(6);
  });
});
