/**
 * Answers as server-sent events, read with an independent parser.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { issueKey, post, rows, onlyOperation } from "../support/gate";
import { newApp, newHold, probeTools } from "./app";
import { fetchCall, modernHeaders, modernMessage, parseEvents } from "../support/speak";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

process.env.TOOLGATE_ALLOWED_ORIGINS = "https://app.example.com";

const hold = newHold();
const t = await newApp(probeTools, hold);
const { key } = await issueKey(t);

const SSE = "text/event-stream";

const isStream = (headers: Headers): boolean => headers.get("content-type") === SSE;

/** Each reply as messages, whichever form it has. */
const messagesOf = (text: string) => parseEvents(new TextEncoder().encode(text)).messages;

afterEach(() => {
  vi.useRealTimers();
});

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

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** Texts that have broken event streams, JSON or terminals before. */
const naughty = [
  "",
  " ",
  "\n",
  "\r",
  "\r\n",
  "\n\n",
  "\r\n\r\n",
  "a\n\nevent: message\ndata: {}\n\n",
  "data: x\n\ndata: y",
  "\nid: 1\nretry: 1\n",
  ": comment",
  "\u2028\u2029",
  "\u0085",
  "\u0000",
  "\u0000\u0001\u001f\u007f\u0080",
  "\ufeff",
  "\ufffd\ufffe\uffff",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "\u{10ffff}",
  "\u202e reversed",
  "z\u0351\u036b\u0343",
  '"\\/',
  "\\u0000",
  "</script><!--",
  "${1}{{2}}%s%n",
  "__proto__",
  "[DONE]",
];

/** Any text that has a UTF-8 form. */
const anyText = fc.oneof(
  fc.constantFrom(...naughty),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.constantFrom(...naughty), { maxLength: 6 }).map((parts) => parts.join("")),
);

/** Ends of lines for Python's `splitlines`. Event streams know only CR and LF, but some clients split with it. */
const LINE_ENDS = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/;

const comesBack = async (text: string, id: string | number) => {
  const response = await fetchCall(t, key, { name: "echo", arguments: { text } }, { id });
  const bytes = await bytesOf(response);
  for (const line of new TextDecoder().decode(bytes).split(LINE_ENDS)) {
    expect(line).toMatch(/^(: open|event: message|data: .*|)$/);
  }
  for (const step of [bytes.length, 1, 7]) {
    const { messages, problems } = parseEvents(bytes, step);
    expect(problems).toEqual([]);
    expect(messages).toEqual([
      {
        jsonrpc: "2.0",
        id,
        result: {
          content: [{ type: "text", text: JSON.stringify({ text }) }],
          structuredContent: { text },
          _meta: onlyOperation,
        },
      },
    ]);
  }
};

test("whatever text goes in comes out, read whole and byte by byte", async () => {
  const call = fc.tuple(anyText, fc.oneof(anyText, fc.maxSafeInteger()));
  await fc.assert(
    // 20 at once: an action's answer takes a quarter of a second to arrive.
    fc.asyncProperty(fc.array(call, { minLength: 20, maxLength: 20 }), async (calls) => {
      await Promise.all(calls.map(([text, id]) => comesBack(text, id)));
    }),
    { numRuns: 11, examples: [[naughty.map((text): [string, string] => [text, text])]] },
  );
});

describe("what goes wrong in a tool is one event too", () => {
  test.each([
    [
      "fail",
      /^outcome_unknown: Internal error\. Quote [0-9a-f-]{36} to the operator\. It may have done part of its work: read/,
    ],
    ["refuse", /^too_late: Line one\r\ndata: two\n\n: three$/],
    ["echo", /^invalid_arguments: text: missing/],
  ])("%s", async (name, message) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const bytes = await bytesOf(await fetchCall(t, key, { name }));
    const { messages, problems } = parseEvents(bytes);
    expect(problems).toEqual([]);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.result?.isError).toBe(true);
    expect(messages[0]?.result?.content[0]?.text).toMatch(message);
    logged.mockRestore();
  });
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

const outcomes = async () =>
  (await rows(t, "toolgateAudit")).map(({ tool, outcome }) => [tool, outcome]);

const recorded =
  (tool: string, ...expected: string[]) =>
  async () => {
    const own = (await outcomes()).filter(([name]) => name === tool);
    expect(own).toEqual(expected.map((outcome) => [tool, outcome]));
  };

/** All that a job, its watchdog and a stream go by. */
const fakeTime = () =>
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });

test("long calls: a comment at once, then one every 15 s with progress, then the result", async () => {
  fakeTime();
  const own = newHold();
  const app = await newApp(probeTools, own);
  const { key: ownKey } = await issueKey(app);
  const response = await fetchCall(app, ownKey, {
    name: "hold",
    _meta: {
      progressToken: "p-1",
      "io.modelcontextprotocol/clientInfo": { name: "claude-code", version: "2" },
    },
  });
  const reader = response.body!.getReader();
  const first = await reader.read();
  expect(new TextDecoder().decode(first.value)).toBe(": open\n\n");
  // Nearly as long as this client waits. The worker renews its lease all the while.
  await vi.advanceTimersByTimeAsync(264_000);
  own.open();
  await vi.advanceTimersByTimeAsync(5_000);
  const parts: Uint8Array[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
  }
  // What is left is the job's watchdog, which finds that it has nothing to do.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.getTimerCount()).toBe(0);
  // Every part is a whole event, so nothing is cut where a proxy flushes.
  for (const part of parts) expect(new TextDecoder().decode(part).endsWith("\n\n")).toBe(true);
  const { messages, comments, problems } = parseEvents(Buffer.concat(parts), 1);
  expect(problems).toEqual([]);
  expect(comments).toEqual(Array(18).fill("keep-alive"));
  const notes = messages.slice(0, -1);
  expect(notes).toEqual(
    Array(18).fill({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: "p-1", progress: expect.any(Number) },
    }),
  );
  // The tool says nothing itself: every beat adds next to nothing, far from the tool's own first step.
  const numbers = notes.map(({ params }) => (params as { progress: number }).progress);
  expect(numbers[0]).toBe(0);
  for (const [i, number] of numbers.slice(1).entries()) expect(number).toBeGreaterThan(numbers[i]!);
  expect(numbers.at(-1)).toBeLessThan(0.001);
  expect(messages.at(-1)).toMatchObject({
    id: 1,
    result: { structuredContent: { result: "done" } },
  });
});

test("without a progress token: comments alone", async () => {
  fakeTime();
  const own = newHold();
  const app = await newApp(probeTools, own);
  const { key: ownKey } = await issueKey(app);
  const response = await fetchCall(app, ownKey, { name: "hold" });
  await vi.advanceTimersByTimeAsync(46_000);
  own.open();
  // Of a job that says nothing it looks every 5 s.
  await vi.advanceTimersByTimeAsync(5_000);
  const { messages, comments } = parseEvents(await bytesOf(response));
  expect(comments).toEqual(["open", "keep-alive", "keep-alive", "keep-alive"]);
  expect(messages).toHaveLength(1);
});

test("a client that leaves: the action goes on, and how it ended is recorded", async () => {
  const leaving = new AbortController();
  const response = await fetchCall(t, key, { name: "hold" }, { signal: leaving.signal });
  const reader = response.body!.getReader();
  await reader.read();
  await recorded("hold", "started")();
  leaving.abort();
  hold.open();
  await vi.waitFor(recorded("hold", "started", "succeeded"), { timeout: 2000 });
});

test("a client that was gone before the stream began", async () => {
  const app = await newApp(probeTools);
  const { key: ownKey } = await issueKey(app);
  const leaving = new AbortController();
  const pending = fetchCall(
    app,
    ownKey,
    { name: "echo", arguments: { text: "a" } },
    { signal: leaving.signal },
  );
  leaving.abort();
  await pending.catch(() => undefined);
  await vi.waitFor(async () => {
    const audit = (await rows(app, "toolgateAudit")).filter(({ tool }) => tool === "echo");
    expect(audit.at(-1)?.outcome).toBe("succeeded");
  });
});

test("20 streams at once do not mix", async () => {
  const texts = Array.from({ length: 20 }, (_, i) => `text ${String(i)}`);
  const streams = await Promise.all(
    texts.map(async (text, id) =>
      parseEvents(
        await bytesOf(await fetchCall(t, key, { name: "echo", arguments: { text } }, { id })),
      ),
    ),
  );
  expect(
    streams.map(({ messages }) => messages.map((m) => [m.id, m.result?.structuredContent?.text])),
  ).toEqual(texts.map((text, id) => [[id, text]]));
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
