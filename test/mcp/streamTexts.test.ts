/**
 * Answers as server-sent events, read with an independent parser: whatever is in them comes out as it went in.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { issueKey, onlyOperation } from "../support/gate";
import { newApp, probeTools } from "./app";
import { bytesOf, fetchCall, parseEvents } from "../support/speak";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

const t = await newApp(probeTools);
const { key } = await issueKey(t);

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
