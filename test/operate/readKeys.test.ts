/** What operators read of keys: the list, and when a key was last used. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows, rpc, type IssuedKey } from "../support/gate";
import { MINUTE, PEPPER, after, ping, refusal, t, update } from "./setup";

describe("lastUsedAt", () => {
  const lastUsedAt = async (keyId: string) =>
    (await t.query(internal.toolgate.admin.getKey, { keyId })).lastUsedAt;

  test("is when the newest call of the key was let in or denied, and not an operator's doing", async () => {
    const start = Date.now() + MINUTE;
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const { key, keyId } = await issueKey(t, { role: "viewer" });
    await update(keyId, { name: "renamed" });
    expect(await lastUsedAt(keyId)).toBeUndefined();
    vi.setSystemTime(start + MINUTE);
    await ping(key);
    expect(await lastUsedAt(keyId)).toBe(new Date(start + MINUTE).toISOString());
    vi.setSystemTime(start + 2 * MINUTE);
    await rpc(t, key, "tools/call", { name: "stock_adjust" });
    expect(await lastUsedAt(keyId)).toBe(new Date(start + 2 * MINUTE).toISOString());
  });

  const misuse = async (key: string, count: number) => {
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    for (let call = 0; call < count; call++) await ping(key);
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
  };

  test("is not moved by a wrong secret", async () => {
    const { key, keyId } = await issueKey(t);
    await misuse(key, 3);
    expect(await lastUsedAt(keyId)).toBeUndefined();
  });

  test("is not hidden by 21 wrong secrets", async () => {
    const { key, keyId } = await issueKey(t);
    await ping(key);
    const used = await lastUsedAt(keyId);
    expect(used).toBeDefined();
    await misuse(key, 11);
    after(2 * MINUTE);
    await misuse(key, 11);
    expect(await lastUsedAt(keyId)).toBe(used);
  });
});

describe("list", () => {
  test("newest first, a page at a time, of one tenant or all", async () => {
    const issued: IssuedKey[] = [];
    for (let index = 0; index < 7; index++)
      issued.push(await issueKey(t, { tenant: index === 3 ? "globex" : "acme" }));
    const newest = issued.map(({ keyId }) => keyId).reverse();
    const all = async (args: { tenant?: string; limit?: number }) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: { keys: { keyId: string }[]; nextCursor: string | null } = await t.query(
          internal.toolgate.admin.listKeys,
          { ...args, ...(cursor === undefined ? {} : { cursor }) },
        );
        expect(page.keys.length).toBeLessThanOrEqual(args.limit ?? 50);
        seen.push(...page.keys.map(({ keyId }) => keyId));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return seen;
    };
    expect(await all({})).toEqual(newest);
    expect(await all({ limit: 2 })).toEqual(newest);
    expect(await all({ tenant: "globex", limit: 1 })).toEqual([issued[3]!.keyId]);
    expect(await all({ tenant: "acme", limit: 3 })).toEqual(
      newest.filter((keyId) => keyId !== issued[3]!.keyId),
    );
    expect(await all({ tenant: "nonesuch" })).toEqual([]);
  });

  test("shows no hash", async () => {
    await issueKey(t);
    const [row] = await rows(t, "toolgateKeys");
    const text = JSON.stringify(await t.query(internal.toolgate.admin.listKeys, {}));
    expect(text).not.toContain(row!.hash);
    expect(text).not.toMatch(/hash|pepper/);
  });

  test.each([
    ["limit", { limit: 0 }],
    ["limit", { limit: 201 }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: NaN }],
    ["cursor", { cursor: "made up" }],
  ] as [string, object][])("refuses a wrong %s: %j", async (field, args) => {
    await issueKey(t);
    for (const call of [
      t.query(internal.toolgate.admin.listKeys, args),
      t.query(internal.toolgate.admin.listAudit, args),
    ]) {
      const { code, message } = await refusal(call);
      const expected = field === "cursor" ? "bad_cursor" : "invalid_arguments";
      expect([code, message.split(":")[0]]).toEqual([expected, field]);
    }
  });
});
