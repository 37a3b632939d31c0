/**
 * Answers as server-sent events: when a stream is sent instead of JSON, and with which headers.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import { describe, expect, test } from "vitest";
import { issueKey, post, rows, onlyOperation } from "../support/gate";
import { newApp, probeTools } from "./app";
import { fetchCall, modernHeaders, modernMessage, parseEvents } from "../support/speak";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

process.env.TOOLGATE_ALLOWED_ORIGINS = "https://app.example.com";

const t = await newApp(probeTools);
const { key } = await issueKey(t);

const SSE = "text/event-stream";

const isStream = (headers: Headers): boolean => headers.get("content-type") === SSE;

/** Each reply as messages, whichever form it has. */
const messagesOf = (text: string) => parseEvents(new TextEncoder().encode(text)).messages;

describe("when a stream is sent", () => {
  const call = (name: string, params: object = {}) => ({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: { text: "a" }, ...params },
  });
  const withToken = (progressToken: unknown) => ({ _meta: { progressToken } });
  const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const both = `application/json, ${SSE}`;

  test.each([
    ["an action", call("echo"), both, true],
    ["an action, anything accepted", call("echo"), "*/*", true],
    ["an action, JSON accepted", call("echo"), "application/json", false],
    ["an action, event streams refused", call("echo"), `*/*, ${SSE};q=0`, true],
    [
      "an action with a progress token, JSON accepted",
      call("echo", withToken(1)),
      "application/json",
      false,
    ],
    ["a query", call("read"), both, false],
    ["a query with a progress token", call("read", withToken("p")), both, true],
    ["a query with the progress token 0", call("read", withToken(0)), both, true],
    ["a query with no proper progress token", call("read", withToken({})), both, false],
    ["a query, streams accepted", call("read"), SSE, true],
    ["a query, text/* accepted", call("read"), "text/*", true],
    ["ping", ping, both, false],
    ["ping with a progress token", { ...ping, params: withToken(1) }, both, false],
    ["ping, streams accepted", ping, SSE, true],
    ["tools/list", list, both, false],
    ["tools/list, streams accepted", list, SSE, true],
  ] as const)("%s", async (_name, message, accept, streams) => {
    const { status, headers, text, json } = await post(t, key, message, { accept });
    expect([status, isStream(headers)]).toEqual([200, streams]);
    const answers = streams ? messagesOf(text) : [json];
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ jsonrpc: "2.0", id: 1, result: {} });
  });

  test("2026-07-28, with what its results carry", async () => {
    const message = modernMessage("tools/call", { name: "echo", arguments: { text: "a" } });
    const { headers, text } = await post(t, key, message, modernHeaders("tools/call", "echo"));
    expect(isStream(headers)).toBe(true);
    expect(messagesOf(text)).toEqual([
      {
        jsonrpc: "2.0",
        id: 1,
        result: {
          resultType: "complete",
          content: [{ type: "text", text: '{"text":"a"}' }],
          structuredContent: { text: "a" },
          _meta: {
            "io.modelcontextprotocol/serverInfo": { name: "probe", version: "1" },
            ...onlyOperation,
          },
        },
      },
    ]);
  });

  test("not for what was refused", async () => {
    const replies = await Promise.all([
      post(t, key, call("nope"), { accept: SSE }),
      post(t, key, { ...ping, method: "nope" }, { accept: SSE }),
      post(t, undefined, call("echo"), { accept: SSE }),
      post(t, key, "{", { accept: SSE }),
    ]);
    expect(replies.map(({ status, json }) => [status, json.error?.code])).toEqual([
      [200, -32602],
      [200, -32601],
      [401, 401],
      [400, -32700],
    ]);
  });
});

test("headers: nothing between may buffer, cache or sniff it", async () => {
  const { headers } = await fetchCall(
    t,
    key,
    { name: "echo", arguments: { text: "a" } },
    { headers: { origin: "https://app.example.com" } },
  );
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": SSE,
    "x-accel-buffering": "no",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "https://app.example.com",
    vary: "Origin",
  });
  expect(headers.has("access-control-allow-credentials")).toBe(false);
});

test("a bad cursor, if only streams are accepted", async () => {
  const { text } = await post(
    t,
    key,
    { jsonrpc: "2.0", id: 9, method: "tools/list", params: { cursor: "nope" } },
    { accept: SSE },
  );
  expect(messagesOf(text)).toMatchObject([{ id: 9, error: { code: -32602 } }]);
});

test("a tools/call without id leaves no call behind that has started", async () => {
  const app = await newApp(probeTools);
  const { key: ownKey } = await issueKey(app);
  const params = { name: "echo", arguments: { text: "a", idempotencyKey: "12345678" } };
  const { status } = await post(app, ownKey, { jsonrpc: "2.0", method: "tools/call", params });
  expect(status).toBe(202);
  const started = (await rows(app, "toolgateAudit")).filter(({ outcome }) => outcome === "started");
  expect(started).toEqual([]);
  expect(await rows(app, "toolgateIdempotency")).toEqual([]);
});
