/** Rotation: the new key takes over, and the old one works for as long as its grace. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows } from "../support/gate";
import { DAY, MINUTE, after, ping, refusal, revoke, rotate, status, t, times } from "./setup";

describe("rotate", () => {
  test("the new key takes over everything but the secret", async () => {
    const old = await issueKey(t, {
      role: "sales",
      tools: ["orders_list"],
      constraints: { orders_list: { limit: { max: 3 } } },
      env: "test",
    });
    const next = await rotate(old.keyId);
    expect(next.key).toMatch(/^cvxmcp_test_/);
    for (const field of ["name", "subject", "tenant", "role", "tools", "constraints"] as const)
      expect(next[field]).toEqual(old[field]);
    expect(next.replaces).toBe(old.keyId);
    expect(await t.query(internal.toolgate.admin.getKey, { keyId: old.keyId })).toMatchObject({
      status: "rotated",
      replacedBy: next.keyId,
    });
  });

  test("without grace the old key is refused at once", async () => {
    const old = await issueKey(t);
    const next = await rotate(old.keyId);
    const replies = await times(50, () => ping(old.key));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401]));
    expect(await status(next.key)).toBe(200);
  });

  test("with grace none of 200 calls fails with either key; after it, all with the old", async () => {
    const old = await issueKey(t);
    const during = times(60, () => ping(old.key));
    const next = await rotate(old.keyId, { graceMinutes: 10 });
    const replies = [
      ...(await during),
      ...(await times(140, (index) => ping(index % 2 === 0 ? old.key : next.key))),
    ];
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]));
    after(9 * MINUTE);
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200]);
    after(2 * MINUTE);
    expect([await status(old.key), await status(next.key)]).toEqual([401, 200]);
  });

  test("never more than two keys of a chain work", async () => {
    const chain = [await issueKey(t)];
    for (let turn = 0; turn < 4; turn++) {
      chain.push(await rotate(chain.at(-1)!.keyId, { graceMinutes: 60 }));
      const working = await Promise.all(chain.map(({ key }) => status(key)));
      expect(working.filter((code) => code === 200)).toHaveLength(2);
      expect(working.slice(-2)).toEqual([200, 200]);
    }
  });

  test("revoking the old key in its grace ends it at once, and only it", async () => {
    const old = await issueKey(t);
    const next = await rotate(old.keyId, { graceMinutes: 60 });
    await revoke(old.keyId);
    expect([await status(old.key), await status(next.key)]).toEqual([401, 200]);
  });

  test("grace does not outlive the old key's own expiry", async () => {
    const old = await issueKey(t, { expiresInDays: 1 });
    await rotate(old.keyId, { graceMinutes: 7 * 24 * 60 });
    after(2 * DAY);
    expect(await status(old.key)).toBe(401);
  });

  test.each([-1, 10_081, NaN, Infinity])("refuses %d minutes of grace", async (graceMinutes) => {
    const { keyId } = await issueKey(t);
    const { code, message } = await refusal(rotate(keyId, { graceMinutes }));
    expect([code, message.split(":")[0]]).toEqual(["invalid_arguments", "graceMinutes"]);
    expect(await rows(t, "toolgateKeys")).toHaveLength(1);
  });

  test.each([0, 366, 1.5])("refuses an expiry in %d days", async (expiresInDays) => {
    const { keyId } = await issueKey(t);
    const { message } = await refusal(rotate(keyId, { expiresInDays }));
    expect(message).toMatch(/^expiresInDays: /);
  });

  test("refuses a key that is revoked, expired, or was rotated before", async () => {
    const [revoked, expired, rotated] = [
      await issueKey(t),
      await issueKey(t, { expiresInDays: 1 }),
      await issueKey(t),
    ];
    await revoke(revoked.keyId);
    await rotate(rotated.keyId, { graceMinutes: 7 * 24 * 60 });
    after(2 * DAY);
    for (const { keyId } of [revoked, expired, rotated])
      expect((await refusal(rotate(keyId))).code).toBe("wrong_state");
  });

  test("of one key, ten at once: one wins", async () => {
    const { keyId } = await issueKey(t);
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => rotate(keyId)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await rows(t, "toolgateKeys")).toHaveLength(2);
  });
});
