/** Rotation: the new key takes over, and the old one works for as long as its grace. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows } from "../support/gate";
import {
  DAY,
  MINUTE,
  after,
  ping,
  refusal,
  revoke,
  rotate,
  status,
  t,
  times,
  update,
} from "./setup";

/** What operators did to a key, oldest first. */
const changesOf = async (keyId: string) =>
  (await rows(t, "toolgateAudit"))
    .filter((row) => row.protocol === "operator" && row.keyId === keyId)
    .map(({ method }) => method);

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

  test.each([1, 30, 365])("a key of %i days keeps its end, turn after turn", async (days) => {
    const first = await issueKey(t, { expiresInDays: days });
    after((days / 2) * DAY);
    const second = await rotate(first.keyId);
    const third = await rotate(second.keyId);
    expect([second.expiresAt, third.expiresAt]).toEqual([first.expiresAt, first.expiresAt]);
    after((days / 2) * DAY - MINUTE);
    expect(await status(third.key)).toBe(200);
    after(2 * MINUTE);
    expect(await status(third.key)).toBe(401);
  });

  test("the new key ends later or earlier if the operator says so", async () => {
    for (const expiresInDays of [1, 300]) {
      const { keyId } = await issueKey(t, { expiresInDays: 10 });
      const next = await rotate(keyId, { expiresInDays });
      const days = (Date.parse(next.expiresAt) - Date.parse(next.createdAt)) / DAY;
      expect(days).toBeCloseTo(expiresInDays, 3);
    }
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

  test("revoking the newest key says until when the one before still works", async () => {
    const old = await issueKey(t, { expiresInDays: 1 });
    const next = await rotate(old.keyId, { graceMinutes: 60, expiresInDays: 90 });
    const { graceUntil } = await t.query(internal.toolgate.admin.getKey, { keyId: old.keyId });
    const stillWorking = [{ keyId: old.keyId, until: graceUntil! }];
    expect(await revoke(next.keyId)).toMatchObject({ alsoRevoked: [], stillWorking });
    expect([await status(old.key), await status(next.key)]).toEqual([200, 401]);
    expect((await changesOf(old.keyId))[0]).toBe("keys/create");
    // Said again, it can still take the other along.
    const again = await revoke(next.keyId, undefined, { chain: true });
    expect(again).toMatchObject({ alsoRevoked: [old.keyId], stillWorking: [] });
    expect(await status(old.key)).toBe(401);
  });

  test("a key in grace works no longer than it would have lived, and says so", async () => {
    const old = await issueKey(t, { expiresInDays: 1 });
    const next = await rotate(old.keyId, { graceMinutes: 7 * 24 * 60, expiresInDays: 90 });
    const stillWorking = [{ keyId: old.keyId, until: old.expiresAt }];
    expect(await revoke(next.keyId)).toMatchObject({ stillWorking });
  });

  test("of a chain, all that can work are revoked from any of its keys, each with its row", async () => {
    for (const named of [0, 1, 2, 3]) {
      const chain = [await issueKey(t, { expiresInDays: 1 })];
      for (let turn = 0; turn < 3; turn++)
        chain.push(await rotate(chain.at(-1)!.keyId, { graceMinutes: 60 }));
      const other = await issueKey(t);
      const { keyId } = chain[named]!;
      const { alsoRevoked } = await revoke(keyId, "leaked", { chain: true });
      const working = [chain[3]!.keyId, chain[2]!.keyId];
      expect(alsoRevoked).toEqual(working.filter((id) => id !== keyId));
      for (const { key } of chain) expect(await status(key)).toBe(401);
      expect(await status(other.key)).toBe(200);
      for (const id of [keyId, ...alsoRevoked])
        expect((await changesOf(id)).at(-1)).toBe("keys/revoke");
    }
  });

  test("of a long chain, the newest key is found from the first", async () => {
    const chain = [await issueKey(t)];
    for (let turn = 0; turn < 25; turn++) chain.push(await rotate(chain.at(-1)!.keyId));
    const { alsoRevoked } = await revoke(chain[0]!.keyId, "leaked", { chain: true });
    expect(alsoRevoked).toEqual([chain[25]!.keyId]);
    expect(await status(chain[25]!.key)).toBe(401);
  });

  test.each([false, true])(
    "a chain without end is refused, and ends nothing: %s",
    async (chain) => {
      const [old, next] = [await issueKey(t), await issueKey(t)];
      await t.run(async (ctx) => {
        for (const [from, to] of [
          [old, next],
          [next, old],
        ] as const) {
          const row = await ctx.db.query("toolgateKeys").collect();
          const { _id } = row.find(({ keyId }) => keyId === from.keyId)!;
          await ctx.db.patch(_id, { replacedBy: to.keyId, graceUntil: Date.now() + MINUTE });
        }
      });
      const { code, message } = await refusal(revoke(old.keyId, "leaked", { chain }));
      expect([code, message]).toEqual(["wrong_state", expect.stringContaining("over 2000 times")]);
      expect(await status(next.key)).toBe(200);
    },
  );

  test("of a chain, an expired key is revoked too, which an update would have revived", async () => {
    const old = await issueKey(t, { expiresInDays: 1 });
    const next = await rotate(old.keyId, { graceMinutes: 7 * 24 * 60 });
    after(2 * DAY);
    expect((await revoke(old.keyId, "leaked", { chain: true })).alsoRevoked).toEqual([next.keyId]);
    for (const { keyId } of [old, next])
      expect((await refusal(update(keyId, { expiresInDays: 9 }))).code).toBe("wrong_state");
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
