/** Verifying a key tells an operator what it may do, or why it does not work. */
import { describe, expect, test, vi } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { dump, issueKey, newServer } from "../support/gate";
import { DAY, after, revoke, rotate, t, verify } from "./setup";

const defaultRoles = app.roles();

describe("verify", () => {
  test("tells a good key's permissions, and neither takes a token nor writes a row", async () => {
    const { key, keyId } = await issueKey(t, { role: "warehouse" });
    const before = await dump(t);
    const { valid, key: info, permissions: may, reason } = await verify(` ${key}\n`);
    expect([valid, info?.keyId, reason]).toEqual([true, keyId, undefined]);
    expect([...may!].sort()).toEqual([...defaultRoles.warehouse!].sort());
    expect(await dump(t)).toEqual(before);
  });

  test("says why not", async () => {
    const good = await issueKey(t);
    const reasonOf = async (key: string) => {
      const { valid, reason } = await verify(key);
      expect(valid).toBe(false);
      return reason;
    };
    expect(await reasonOf("")).toBe("malformed");
    expect(await reasonOf(`${good.key}x`)).toBe("malformed");
    expect(await reasonOf(good.key.slice(0, -1))).toBe("malformed");
    expect(await reasonOf((await issueKey(await newServer())).key)).toBe("unknown_key");
    const revoked = await issueKey(t);
    await revoke(revoked.keyId);
    expect(await reasonOf(revoked.key)).toBe("revoked");
    const rotated = await issueKey(t);
    await rotate(rotated.keyId);
    expect(await reasonOf(rotated.key)).toBe("rotated");
    const expired = await issueKey(t, { expiresInDays: 1 });
    after(2 * DAY);
    expect(await reasonOf(expired.key)).toBe("expired");
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    expect(await reasonOf(good.key)).toBe("wrong_secret");
    vi.stubEnv("TOOLGATE_PEPPERS", "");
    expect(await reasonOf(good.key)).toBe("no_pepper");
  });

  test("describes only a key whose secret is right", async () => {
    const good = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", `test:${"another-".repeat(6)}`);
    expect(await verify(good.key)).toEqual({ valid: false, reason: "wrong_secret" });
  });
});
