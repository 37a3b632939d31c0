/** Without the pepper that a key was made under, and in another deployment, the key is worth nothing. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, newBackend, newServer, post, rows, rpc } from "../support/gate";
import { PEPPER, ping, refusal, rotate, status, t, times, verify } from "../operate/setup";

const NEW_PEPPER = `next:${"saffron-".repeat(6)}`;

describe("peppers", () => {
  test("a new one in front hashes new keys; old keys verify", async () => {
    const old = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", `${NEW_PEPPER},${PEPPER}`);
    const next = await issueKey(t);
    expect([await status(old.key), await status(next.key)]).toEqual([200, 200]);
    expect((await rows(t, "toolgateKeys")).map(({ pepperId }) => pepperId)).toEqual([
      "test",
      "next",
    ]);
    const rotated = await rotate(old.keyId);
    vi.stubEnv("TOOLGATE_PEPPERS", NEW_PEPPER);
    expect(await status(rotated.key)).toBe(200);
    expect(await status(next.key)).toBe(200);
  });

  test("a key of a pepper that is gone is refused", async () => {
    const old = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", NEW_PEPPER);
    expect(await status(old.key)).toBe(401);
    expect((await verify(old.key)).reason).toBe("wrong_secret");
  });

  test.each([
    "",
    "no-colon",
    ":".padEnd(40, "x"),
    "p1:short",
    `p 1:${"x".repeat(40)}`,
    `${"p".repeat(33)}:${"x".repeat(40)}`,
    `${PEPPER},`,
    `,${PEPPER}`,
    `${PEPPER},p2:short`,
    `${PEPPER};p2:${"x".repeat(40)}`.replace("test", "te;st"),
  ])("%j: calls answer 503 and say why, and no key is made", async (peppers) => {
    const { key, keyId } = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", peppers);
    const { status: code, json, headers } = await ping(key);
    expect(code).toBe(503);
    expect(json.error).toEqual({
      code: 503,
      message: expect.stringMatching(
        /API keys are off on this deployment: TOOLGATE_PEPPERS must be/,
      ),
    });
    expect(headers.get("content-type")).toBe("application/json");
    expect((await refusal(issueKey(t))).code).toBe("no_pepper");
    expect((await refusal(rotate(keyId))).code).toBe("no_pepper");
    expect((await verify(key)).reason).toBe("no_pepper");
    // A junk key does not even learn that much.
    expect(await status("junk")).toBe(401);
    expect(await rows(t, "toolgateKeys")).toHaveLength(1);
  });

  test("unset is like empty", async () => {
    const { key } = await issueKey(t);
    vi.stubEnv("TOOLGATE_PEPPERS", undefined);
    expect(await status(key)).toBe(503);
  });

  test("a copy of the database without the pepper verifies no key", async () => {
    const keys = await times(20, () => issueKey(t));
    const copied = await rows(t, "toolgateKeys");
    const copy = newBackend();
    await copy.run(async (ctx) => {
      for (const { _id, _creationTime, ...row } of copied) await ctx.db.insert("toolgateKeys", row);
    });
    for (const peppers of [`test:${"guess-".repeat(8)}`, `other:${"pepper-".repeat(6)}`]) {
      vi.stubEnv("TOOLGATE_PEPPERS", peppers);
      for (const { key } of keys) {
        expect((await copy.action(internal.toolgate.admin.verifyKey, { key })).valid).toBe(false);
        expect((await rpc(copy, key, "ping")).status).toBe(401);
      }
    }
    // With it, the copy is as good as the original, so nothing else was missing.
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
    expect(
      (await copy.action(internal.toolgate.admin.verifyKey, { key: keys[0]!.key })).valid,
    ).toBe(true);
  });
});

test("a key works in one deployment only", async () => {
  const other = await newServer();
  const { key } = await issueKey(t);
  const reply = await post(other, key, { jsonrpc: "2.0", id: 1, method: "ping" });
  expect(reply.status).toBe(401);
});
