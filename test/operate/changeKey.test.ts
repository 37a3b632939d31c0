/** A key that expires, is revoked or is updated: from when that counts, and for which keys. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { app } from "../../convex/toolgate/tools";
import { dump, issueKey, listTools, newServer, rows, rpc } from "../support/gate";
import {
  DAY,
  MINUTE,
  after,
  badGrants,
  ping,
  refusal,
  revoke,
  rotate,
  status,
  t,
  times,
  update,
} from "./setup";

describe("a key stops working", () => {
  test("when it expires", async () => {
    const { key, keyId } = await issueKey(t, { expiresInDays: 1 });
    after(DAY - MINUTE);
    expect(await status(key)).toBe(200);
    after(2 * MINUTE);
    expect(await status(key)).toBe(401);
    expect((await t.query(internal.toolgate.admin.getKey, { keyId })).status).toBe("expired");
    // Told apart neither from a wrong key nor from one that never was.
    const stranger = await issueKey(await newServer());
    expect((await ping(key)).text).toBe((await ping(stranger.key)).text);
  });

  test("when it is revoked: of 200 calls begun after that none succeeds", async () => {
    const { key, keyId } = await issueKey(t);
    const before = times(50, () => ping(key));
    const info = await revoke(keyId, "laptop stolen");
    const replies = await times(200, () => ping(key));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401]));
    await before;
    expect(info).toMatchObject({
      status: "revoked",
      revokedReason: "laptop stolen",
      revokedAt: expect.stringMatching(/Z$/),
    });
  });

  test("and revoking it again changes nothing and writes no row", async () => {
    const { keyId } = await issueKey(t);
    const first = await revoke(keyId, "one");
    const before = await dump(t);
    after(DAY);
    expect(await revoke(keyId, "two")).toEqual(first);
    vi.useRealTimers();
    expect(await dump(t)).toEqual(before);
  });

  test("other keys of the same subject go on", async () => {
    const one = await issueKey(t, { subject: "agent" });
    const two = await issueKey(t, { subject: "agent" });
    await revoke(one.keyId);
    expect(await status(two.key)).toBe(200);
  });
});

describe("update", () => {
  test.each(badGrants)("names the field that is wrong: %s %j", async (field, changes) => {
    const { keyId } = await issueKey(t);
    const before = await dump(t);
    const { code, message } = await refusal(update(keyId, changes));
    expect(code).toBe("invalid_arguments");
    expect(message.split(/[: .]/)[0]).toBe(field);
    expect(await dump(t)).toEqual(before);
  });

  test("wants at least one change", async () => {
    const { keyId } = await issueKey(t);
    expect(await refusal(update(keyId, {}))).toMatchObject({ code: "invalid_arguments" });
  });

  test("acts on the next call: role, tools, constraints, expiry", async () => {
    const { key, keyId } = await issueKey(t);
    const names = async () => (await listTools(t, key)).map(({ name }) => name);
    expect(await names()).toContain("stock_adjust");
    await update(keyId, { role: "sales" });
    expect(await names()).not.toContain("stock_adjust");
    await update(keyId, { tools: ["orders_list", "stock_adjust"] });
    expect(await names()).toEqual(["orders_list"]);
    await update(keyId, { constraints: { orders_list: { limit: { max: 1 } } } });
    const call = () => rpc(t, key, "tools/call", { name: "orders_list", arguments: { limit: 2 } });
    expect((await call()).text).toContain("not_allowed");
    await update(keyId, { constraints: null, tools: null, role: "admin", name: "renamed" });
    expect((await call()).text).not.toContain("not_allowed");
    expect(await names()).toContain("stock_adjust");
    const info = await t.query(internal.toolgate.admin.getKey, { keyId });
    expect(info).toMatchObject({ name: "renamed", role: "admin" });
    expect(info).not.toHaveProperty("tools");
    expect(info).not.toHaveProperty("constraints");
  });

  test("makes a key read only, whatever its role, and lifts it again", async () => {
    const { key, keyId } = await issueKey(t, { readOnly: true });
    const names = async () => (await listTools(t, key)).map(({ name }) => name);
    const reads = Object.entries(app.tools)
      .filter(([, tool]) => tool().kind === "query")
      .map(([name]) => name);
    expect(await names()).toEqual(reads);
    const reply = async (name: string) =>
      (await rpc(t, key, "tools/call", { name, arguments: {} })).text.replaceAll(name, "X");
    for (const name of Object.keys(app.tools).filter((one) => !reads.includes(one)))
      expect(await reply(name)).toBe(await reply("nonesuch"));
    const more = await Promise.all(
      ["resources/templates/list", "prompts/list"].map((method) => rpc(t, key, method)),
    );
    expect(more.map(({ text }) => /"uriTemplate":|"name":/.test(text))).toEqual([true, true]);
    const next = await rotate(keyId);
    expect([next.readOnly, (await listTools(t, next.key)).length]).toEqual([true, reads.length]);
    expect(await update(next.keyId, { readOnly: false })).not.toHaveProperty("readOnly");
    expect((await listTools(t, next.key)).length).toBe(Object.keys(app.tools).length);
    const changed = (await rows(t, "toolgateAudit")).at(-2);
    expect(changed).toMatchObject({ method: "keys/update", keyId: next.keyId });
    expect(JSON.parse(changed?.arguments ?? "")).toMatchObject({ readOnly: false });
  });

  test("leaves alone what it does not name", async () => {
    const { key: _key, ...info } = await issueKey(t, { tools: ["orders_list"], subject: "s" });
    expect(await update(info.keyId, { name: "renamed" })).toEqual({ ...info, name: "renamed" });
  });

  test("revives an expired key, and never a revoked or a rotated one", async () => {
    const expired = await issueKey(t, { expiresInDays: 1 });
    const revoked = await issueKey(t);
    const rotated = await issueKey(t);
    await revoke(revoked.keyId);
    await rotate(rotated.keyId);
    after(2 * DAY);
    await update(expired.keyId, { expiresInDays: 1 });
    expect(await status(expired.key)).toBe(200);
    for (const { keyId, key } of [revoked, rotated]) {
      const refused = await refusal(update(keyId, { expiresInDays: 10 }));
      expect(refused.code).toBe("wrong_state");
      expect(await status(key)).toBe(401);
    }
  });
});

describe("get, update, rotate and revoke", () => {
  test("say so if there is no such key", async () => {
    const keyId = "nonesuch0000";
    const calls = [
      t.query(internal.toolgate.admin.getKey, { keyId }),
      update(keyId, { name: "x" }),
      rotate(keyId),
      revoke(keyId),
    ];
    for (const call of calls) {
      const { code, message } = await refusal(call);
      expect([code, message]).toEqual(["not_found", 'keyId: there is no key "nonesuch0000"']);
    }
  });

  test.each(["", "x".repeat(201), "a\u001b[2J"])("revoke refuses the reason %j", async (reason) => {
    const { key, keyId } = await issueKey(t);
    const { code, message } = await refusal(revoke(keyId, reason));
    expect([code, message.split(":")[0]]).toEqual(["invalid_arguments", "reason"]);
    expect(await status(key)).toBe(200);
  });
});
