/**
 * A key that is refused learns nothing, and a good one works until it expires.
 *
 * @spec RFC 6750 section 3
 */
import { describe, expect, test, vi } from "vitest";
import { issueKey, post } from "../support/gate";
import { junkKeys, refusedKeys } from "../wire/bad/keys";
import { ping } from "../wire/bad/row";
import { good, lapsed, sendBad, t } from "../wire/setup";

describe("what a refused key can learn", () => {
  test("nothing: every 401 for a key is the same to the byte", async () => {
    const wrong = [...refusedKeys(lapsed), ...junkKeys(good.key).slice(28, 32)];
    const replies = await Promise.all(wrong.map(sendBad));
    const answers = new Set(
      replies.map(({ status, headers, text }) => JSON.stringify([status, [...headers], text])),
    );
    expect(answers.size).toBe(1);
    expect(replies[0]?.headers.get("www-authenticate")).toBe(
      'Bearer realm="mcp", error="invalid_token"',
    );
  });

  test("without a key: a challenge without an error", async () => {
    const { status, headers } = await sendBad({ headers: { authorization: null } });
    expect([status, headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="mcp"']);
  });

  test("a key works until the millisecond of its expiry", async () => {
    const brief = await issueKey(t);
    const expiresAt = Date.parse(brief.expiresAt);
    vi.useFakeTimers({ toFake: ["Date"], now: expiresAt - 1 });
    const before = await post(t, brief.key, ping);
    vi.setSystemTime(expiresAt);
    const after = await post(t, brief.key, ping);
    vi.useRealTimers();
    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("the key works all the same", async () => {
    expect((await sendBad({})).json).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
  });
});
