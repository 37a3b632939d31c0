/**
 * JSON-RPC 2.0 as its specification has it, and ids that come back as they were sent.
 *
 * @spec JSON-RPC 2.0 section 4
 * @spec JSON-RPC 2.0 section 5
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { post } from "../support/gate";
import { modernHeaders, modernMessage } from "../support/speak";
import { key, ping, t } from "../mcp/eras/setup";

/** The examples of the JSON-RPC 2.0 specification, section 7, as far as MCP goes along: parameters have names there. */
describe("JSON-RPC 2.0, section 7", () => {
  const examples: [string, string, number, object | undefined][] = [
    [
      "named parameters",
      '{"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "customers_search", "arguments": {"text": "Nobody at all"}}, "id": 3}',
      200,
      {
        jsonrpc: "2.0",
        id: 3,
        result: { content: [{ type: "text" }], structuredContent: { items: [] } },
      },
    ],
    [
      "the same, members in another order",
      '{"id": 4, "params": {"arguments": {"text": "Nobody at all"}, "name": "customers_search"}, "method": "tools/call", "jsonrpc": "2.0"}',
      200,
      { jsonrpc: "2.0", id: 4, result: { structuredContent: { items: [] } } },
    ],
    [
      "positional parameters, which MCP has not",
      '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}',
      400,
      { jsonrpc: "2.0", id: 1, error: { code: -32602 } },
    ],
    ["a notification", '{"jsonrpc": "2.0", "method": "foobar"}', 202, undefined],
    [
      "a method that does not exist",
      '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
      200,
      { jsonrpc: "2.0", id: "1", error: { code: -32601 } },
    ],
    [
      "invalid JSON",
      '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
      400,
      { jsonrpc: "2.0", error: { code: -32700 } },
    ],
    [
      "an invalid request",
      '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
      400,
      { jsonrpc: "2.0", error: { code: -32600 } },
    ],
    [
      "a batch, invalid JSON",
      '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc": "2.0", "method"]',
      400,
      { jsonrpc: "2.0", error: { code: -32700 } },
    ],
    ["an empty batch", "[]", 400, { jsonrpc: "2.0", error: { code: -32600 } }],
    ["an invalid batch", "[1]", 200, [{ jsonrpc: "2.0", error: { code: -32600 } }]],
    ["three times", "[1,2,3]", 200, Array(3).fill({ jsonrpc: "2.0", error: { code: -32600 } })],
    [
      "a batch of all kinds",
      `[
        {"jsonrpc": "2.0", "method": "ping", "id": "1"},
        {"jsonrpc": "2.0", "method": "notify_hello", "params": {"a": 7}},
        {"jsonrpc": "2.0", "method": "ping", "params": {"a": 42}, "id": "2"},
        {"foo": "boo"},
        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
        {"jsonrpc": "2.0", "method": "ping", "id": "9"}
      ]`,
      200,
      [
        { jsonrpc: "2.0", id: "1", result: {} },
        { jsonrpc: "2.0", id: "2", result: {} },
        { jsonrpc: "2.0", error: { code: -32600 } },
        { jsonrpc: "2.0", id: "5", error: { code: -32601 } },
        { jsonrpc: "2.0", id: "9", result: {} },
      ],
    ],
    [
      "a batch of notifications",
      '[{"jsonrpc": "2.0", "method": "notify_sum", "params": {"a": 1}},{"jsonrpc": "2.0", "method": "notify_hello"}]',
      202,
      undefined,
    ],
  ];

  test.each(examples)("%s", async (_name, text, expectedStatus, expected) => {
    const reply = await post(t, key, text);
    expect(reply.status).toBe(expectedStatus);
    if (expected === undefined) expect(reply.text).toBe("");
    else expect(reply.json).toMatchObject(expected);
    // An id is left out, never null: MCP's schema forbids null.
    expect(reply.text).not.toContain('"id":null');
  });

  test("a notification with positional parameters in a batch is not answered", async () => {
    const hello = { jsonrpc: "2.0", method: "notify_hello", params: [7] };
    const { text } = await post(t, key, [ping, hello]);
    expect(JSON.parse(text)).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });
});

test("ids come back as they were sent", async () => {
  const anyId = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.maxSafeInteger(),
    fc.constantFrom("", "null", "0", 0, -1, 2 ** 53 - 1, -(2 ** 53) + 1, "__proto__", "\u0000"),
  );
  await fc.assert(
    fc.asyncProperty(anyId, fc.constantFrom("ping", "nope", "initialize"), async (id, method) => {
      const { text, json } = await post(t, key, { ...ping, id, method });
      expect(json.id).toBe(id);
      expect(text).toContain(`"id":${JSON.stringify(id)}`);
      const modern = { ...modernMessage("server/discover"), id };
      expect((await post(t, key, modern, modernHeaders("server/discover"))).json.id).toBe(id);
    }),
    { numRuns: 100 },
  );
});

test("an integer may be written as 1.0 or 1e2", async () => {
  for (const [written, id] of [
    ["1.0", 1],
    ["1e2", 100],
    ["-0", 0],
  ] as const) {
    const { json } = await post(t, key, `{"jsonrpc":"2.0","id":${written},"method":"ping"}`);
    expect(json.id).toBe(id);
  }
});
