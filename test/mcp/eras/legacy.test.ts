/**
 * The revisions of 2025: the handshake, and what comes after it.
 *
 * @spec MCP 2025-11-25 basic/lifecycle
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2025-11-25 basic/utilities/ping
 */
import { describe, expect, test } from "vitest";
import { post, rpc, onlyOperation } from "../../support/gate";
import { CAPABILITIES_KEY, MODERN } from "../../support/speak";
import { LEGACY, checkInstructions, header, initialize, key, ping, serverInfo, t } from "./setup";

const NEWEST = "2025-11-25";

describe("initialize", () => {
  test.each(LEGACY)("%s is answered in kind", async (version) => {
    const { status, headers, json } = await post(t, key, initialize(version));
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: 0,
      result: {
        protocolVersion: version,
        capabilities: {
          ...{ tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
          extensions: { "io.modelcontextprotocol/ui": {} },
        },
        serverInfo,
        instructions: expect.any(String),
      },
    });
    checkInstructions(json.result?.instructions);
    // Told apart by it are the request ids of clients that share a key; nothing is kept for it.
    const session = headers.get("mcp-session-id");
    expect(session).toMatch(/^[\da-f-]{36}[~.\w-]*\.[\w-]{43}$/);
    const again = await post(t, key, initialize(version), { "Mcp-Session-Id": session! });
    expect(again.headers.get("mcp-session-id")).toMatch(/^[\da-f-]{36}[~.\w-]*\.[\w-]{43}$/);
    expect(again.headers.get("mcp-session-id")).not.toBe(session);
    expect(again.text).toBe(JSON.stringify(json));
    const later = await post(t, key, ping, { "Mcp-Session-Id": session! });
    expect([later.status, later.headers.has("mcp-session-id")]).toEqual([200, false]);
  });

  test.each(["2024-11-05", "2026-07-28", "2099-01-01", "1.0", "", "DRAFT-2026"])(
    "%j is answered with the newest that has a handshake",
    async (version) => {
      const { status, json } = await post(t, key, initialize(version));
      expect([status, json.result?.protocolVersion]).toEqual([200, NEWEST]);
    },
  );

  test.each(["2025-03-26", NEWEST, MODERN, "2020-01-01", "nonsense"])(
    "a version header of %s does not matter yet",
    async (version) => {
      const { status, json } = await post(t, key, initialize("2025-06-18"), header(version));
      expect([status, json.result?.protocolVersion]).toEqual([200, "2025-06-18"]);
    },
  );

  test.each([undefined, null, 1, ["2025-11-25"]])("protocolVersion %j: -32602", async (version) => {
    const { status, json } = await post(t, key, initialize(version));
    expect([status, json.id, json.error?.code]).toEqual([200, 0, -32602]);
  });

  test("twice is fine: nothing is remembered", async () => {
    const [first, second] = [
      await post(t, key, initialize(NEWEST)),
      await post(t, key, initialize(NEWEST)),
    ];
    expect(second.text).toBe(first.text);
  });
});

describe("2025 revisions after the handshake", () => {
  const methods: [string, object | undefined][] = [
    ["ping", undefined],
    ["tools/list", {}],
    ["tools/call", { name: "customers_search", arguments: {} }],
  ];

  test.each([undefined, ...LEGACY])("version header %s is let through", async (version) => {
    for (const [method, params] of methods) {
      const message = { jsonrpc: "2.0", id: 1, method, ...(params ? { params } : {}) };
      const { status, json } = await post(t, key, message, version ? header(version) : {});
      expect([status, json.error]).toEqual([200, undefined]);
      const meta = method === "tools/call" ? onlyOperation : undefined;
      expect(json.result?._meta).toEqual(meta);
      for (const member of ["resultType", "ttlMs", "cacheScope"]) {
        expect(json.result).not.toHaveProperty(member);
      }
    }
  });

  test("no handshake is needed, and a session of another server is ignored", async () => {
    const headers = { "Mcp-Session-Id": "1868a90c-0000", "Last-Event-ID": "4" };
    const reply = await post(t, key, ping, headers);
    expect(reply.json).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(reply.headers.has("mcp-session-id")).toBe(false);
  });

  test("headers of 2026-07-28 do not matter", async () => {
    const headers = { ...header("2025-06-18"), "Mcp-Method": "tools/list", "Mcp-Name": "x" };
    expect((await post(t, key, ping, headers)).json.result).toEqual({});
  });

  test("_meta of other kinds does not make a message modern", async () => {
    for (const _meta of [
      {},
      { progressToken: 1 },
      { "example.com/x": 1 },
      { [CAPABILITIES_KEY]: {} },
    ]) {
      expect((await post(t, key, { ...ping, params: { _meta } })).json.result).toEqual({});
    }
  });

  test("ping is answered with {} exactly", async () => {
    const { text } = await post(t, key, ping);
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
  });

  test("methods of 2026-07-28: -32601 in-band", async () => {
    for (const method of ["subscriptions/listen", "server/discover"]) {
      const { status, json } = await rpc(t, key, method, {});
      expect([method, status, json.error?.code]).toEqual([method, 200, -32601]);
    }
  });
});
