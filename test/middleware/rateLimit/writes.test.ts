/** What a call costs: one that may write costs more tokens than one that reads, and one that its tool refuses does not. */
import { describe, expect, test } from "vitest";
import { issueKey, post, rows, rpc, send, bearer } from "../../support/gate";
import { admitted, at, drain, key, keyId, read, start, statuses, t, times } from "./setup";

let made = 0;
const newCustomer = () => {
  made++;
  return { name: "Ada", email: `ada${String(made)}@example.com` };
};
const call = (name: string, args: object, as = key) =>
  rpc(t, as, "tools/call", { name, arguments: args });
const write = (as = key) => call("customers_create", newCustomer(), as);

/** The shards that the limits of these tests have. A new key gets the rows for the limits as shipped. */
const isUsed = ({ name, shard }: { name: string; shard: number }) =>
  shard < (name.startsWith("key:") ? 3 : 9);
/** Tokens that are left in all shards of a bucket, at a moment when none has come back. */
const left = async (bucket: string) =>
  (await rows(t, "toolgateBuckets"))
    .filter((row) => row.name === bucket && isUsed(row))
    .reduce((sum, { tokens, at: since }) => sum + (since === 0 ? NaN : tokens), 0);
/** So many tokens in every shard, as of now; all of them full unless stated. */
const refill = (key = 16, tenant = 150 / 9) =>
  t.run(async (ctx) => {
    for (const row of await ctx.db.query("toolgateBuckets").collect()) {
      const tokens = row.name.startsWith("key:") ? key : tenant;
      await ctx.db.patch(row._id, { tokens, at: start });
    }
  });

describe("a write takes four tokens of its key's", () => {
  test("so 12 are let in at once, and two thirds of a burst of 12 at least", async () => {
    const replies = await times(12, () => write());
    expect(admitted(replies)).toBeGreaterThanOrEqual(8);
    const more = await times(40, () => write());
    expect(admitted(replies) + admitted(more)).toBe(12);
    expect(more.find(({ status }) => status === 429)?.headers.get("ratelimit")).toBe(
      '"key";r=0;t=24',
    );
  });

  test("so a quarter of the rate is let in, and no more", async () => {
    await drain(write);
    let again = 0;
    for (let seconds = 24; seconds <= 240; seconds += 24) {
      at(seconds * 1000);
      again += admitted(await times(12, () => write()));
    }
    expect(again).toBeLessThanOrEqual(30);
    expect(again).toBeGreaterThanOrEqual(27);
  });

  test.each<[string, () => Promise<{ status: number }>, number]>([
    ["a mutation", () => write(), 4],
    ["an action", () => call("customers_import", { lines: JSON.stringify(newCustomer()) }), 4],
    ["a query", () => call("customers_search", {}), 1],
    ["what is no tool", () => call("nonesuch", {}), 1],
    ["a mutation that fails", () => call("orders_confirm", { orderId: "x" }), 1],
    ["a mutation whose arguments are refused", () => call("customers_create", { name: 1 }), 1],
    ["a query whose arguments are refused", () => call("customers_search", { limit: "x" }), 1],
    ["an action whose key is refused", () => call("customers_import", { idempotencyKey: "x" }), 1],
  ])("%s", async (_what, work, cost) => {
    await refill();
    expect((await work()).status).toBe(200);
    expect(await left(`key:${keyId}`)).toBe(48 - cost);
    expect(await left("tenant:acme")).toBeCloseTo(149);
  });

  test("but one that the role does not allow costs no more than a tool that there is not", async () => {
    const viewer = await issueKey(t, { role: "viewer" });
    await refill();
    for (const name of ["customers_create", "nonesuch"]) await call(name, {}, viewer.key);
    expect(await left(`key:${viewer.keyId}`)).toBe(46);
  });

  test("and a refused one none: reads go on with what is left", async () => {
    await refill(3);
    expect(statuses(await times(20, () => write()))).toEqual([429]);
    expect(await left(`key:${keyId}`)).toBe(9);
    expect(admitted(await times(9, () => read()))).toBeGreaterThanOrEqual(6);
  });

  test("and one with refused arguments needs them: it could have been a write", async () => {
    await refill(3);
    expect(statuses(await times(5, () => call("customers_create", {})))).toEqual([429]);
    await refill(4, 1);
    expect((await call("customers_create", {})).status).toBe(200);
    expect(await left(`key:${keyId}`)).toBeCloseTo(11, 2);
    expect(await left("tenant:acme")).toBeCloseTo(8, 1);
  });
});

const initialize = () =>
  rpc(t, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities: {} },
    clientInfo: { name: "x", version: "1" },
  });
const notify = (method: string) => post(t, key, { jsonrpc: "2.0", method });
const http = (method: string) => send(t, { method, headers: bearer(key) });

describe("what only opens or closes a connection", () => {
  test.each<[string, () => Promise<{ status: number }>, number]>([
    ["initialize", initialize, 200],
    ["ping", () => rpc(t, key, "ping"), 200],
    ["logging/setLevel", () => rpc(t, key, "logging/setLevel", { level: "info" }), 200],
    ["GET", () => http("GET"), 405],
    ["DELETE", () => http("DELETE"), 405],
    ["notifications/initialized", () => notify("notifications/initialized"), 202],
    ["notifications/cancelled", () => notify("notifications/cancelled"), 202],
    ["a notification that there is not", () => notify("tools/call"), 202],
  ])("%s takes a quarter of a token", async (_what, work, status) => {
    await refill();
    expect((await work()).status).toBe(status);
    expect([await left(`key:${keyId}`), await left("tenant:acme")]).toEqual([47.75, 149.75]);
  });

  test("and a flood of it ends all the same, with when to come back", async () => {
    await refill(2);
    const replies = await times(60, initialize);
    expect(admitted(replies)).toBe(24);
    const refused = replies.find(({ status }) => status === 429)!;
    expect(refused.headers.get("retry-after")).toBe("2");
    at(2_000);
    expect((await initialize()).status).toBe(200);
  });

  test("a notification over its limit is accepted, does nothing and leaves no row", async () => {
    await refill(0);
    const before = [await rows(t, "toolgateAudit"), await rows(t, "toolgateBuckets")];
    for (const method of ["notifications/initialized", "notifications/cancelled", "tools/call"]) {
      const { status, text } = await notify(method);
      expect([status, text]).toEqual([202, ""]);
    }
    expect([await rows(t, "toolgateAudit"), await rows(t, "toolgateBuckets")]).toEqual(before);
    expect((await initialize()).status).toBe(429);
    // An answer to a question of this server is none: its sender must send it again.
    expect((await post(t, key, { jsonrpc: "2.0", id: "x", result: {} })).status).toBe(429);
  });
});
