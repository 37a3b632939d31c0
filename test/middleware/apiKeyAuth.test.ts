/**
 * A key that is refused learns nothing, and a good one works until it expires.
 *
 * @spec RFC 6750 section 3
 */
import { describe, expect, test, vi } from "vitest";
import { issueKey, newServer, post, SITE_URL } from "../support/gate";
import { envelopes, unknownModernMethods } from "../wire/bad/envelope";
import { jsonTexts } from "../wire/bad/json";
import { shapes, unknownMethods } from "../wire/bad/jsonrpc";
import { junkKeys, refusedKeys } from "../wire/bad/keys";
import { ping, type BadRequest } from "../wire/bad/row";
import { malformedCalls } from "../wire/bad/tools";
import { forms } from "../wire/bad/transport";
import { good, lapsed, sendBad } from "../wire/setup";

/** Where clients find the way to OAuth, which this app has on. */
const METADATA = `resource_metadata="${SITE_URL}/.well-known/oauth-protected-resource/mcp"`;

describe("what a refused key can learn", () => {
  test("nothing: every 401 for a key is the same to the byte", async () => {
    const wrong = [...refusedKeys(lapsed), ...junkKeys(good.key).slice(28, 32)];
    const replies = await Promise.all(wrong.map(sendBad));
    const answers = new Set(
      replies.map(({ status, headers, text }) => JSON.stringify([status, [...headers], text])),
    );
    expect(answers.size).toBe(1);
    expect(replies[0]?.headers.get("www-authenticate")).toBe(
      `Bearer realm="mcp", error="invalid_token", ${METADATA}`,
    );
  });

  const faults: readonly BadRequest[] = [
    ...[...jsonTexts, ...shapes, ...envelopes, ...malformedCalls],
    ...forms.filter(({ status }) => status !== 413),
    ...[...unknownMethods, ...unknownModernMethods],
  ];

  const keys = Object.entries(lapsed);

  test.each(keys)("nothing more by a fault of its request: %s", async (name, key) => {
    const authorization = `Bearer ${key}`;
    const told = async (row: Partial<BadRequest>) => {
      const { status, headers, text } = await sendBad({
        ...row,
        headers: { ...row.headers, authorization },
      });
      return JSON.stringify([status, [...headers], text]);
    };
    const answer = await told({});
    // Each fault with one of the keys: all with all would take long.
    const turn = keys.findIndex(([one]) => one === name);
    const some = faults.filter((_, at) => at % keys.length === turn);
    expect(some.length).toBeGreaterThan(40);
    for (const row of some) expect([row.what, await told(row)]).toEqual([row.what, answer]);
  });

  test("without a key: a challenge without an error", async () => {
    const { status, headers } = await sendBad({ headers: { authorization: null } });
    expect([status, headers.get("www-authenticate")]).toEqual([
      401,
      `Bearer realm="mcp", ${METADATA}`,
    ]);
  });

  test("a key works until the millisecond of its expiry", async () => {
    // A server of its own: a database whose clock was once ahead stays ahead.
    const own = await newServer();
    const brief = await issueKey(own);
    const expiresAt = Date.parse(brief.expiresAt);
    vi.useFakeTimers({ toFake: ["Date"], now: expiresAt - 1 });
    const before = await post(own, brief.key, ping);
    vi.setSystemTime(expiresAt);
    const after = await post(own, brief.key, ping);
    vi.useRealTimers();
    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("the key works all the same", async () => {
    expect((await sendBad({})).json).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
  });
});
