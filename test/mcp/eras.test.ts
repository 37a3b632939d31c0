/** Both protocol eras on one endpoint. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultRoles } from "../../convex/permissions";
import { tools } from "../../convex/tools";
import { entriesOf } from "../../src/registry/entries";
import {
  callTool,
  issueKey,
  listTools,
  newServer,
  post,
  roles,
  rows,
  rpc,
  type Reply,
} from "../support/gate";
import { withChecksum } from "../wire/bad/keys";
import {
  CAPABILITIES_KEY,
  MODERN,
  modernHeaders,
  modernMessage,
  modernRpc,
  VERSION_KEY,
} from "../support/speak";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const t = await newServer();
const { key } = await issueKey(t);

const LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"];
const NEWEST = "2025-11-25";

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const header = (version: string) => ({ "MCP-Protocol-Version": version });

const initialize = (protocolVersion: unknown, more: object = {}) => ({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion,
    capabilities: { roots: { listChanged: true }, sampling: {} },
    clientInfo: { name: "test", version: "1" },
    ...more,
  },
});

describe("initialize", () => {
  test.each(LEGACY)("%s is answered in kind", async (version) => {
    const { status, headers, json } = await post(t, key, initialize(version));
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: 0,
      result: {
        protocolVersion: version,
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
        serverInfo: { name: "toolgate-erp", version: "0.1.0" },
        instructions: expect.stringContaining("ERP"),
      },
    });
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
      for (const member of ["resultType", "ttlMs", "cacheScope", "_meta"]) {
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

describe("2026-07-28", () => {
  const serverInfo = { name: "toolgate-erp", version: "0.1.0" };
  const meta = { "io.modelcontextprotocol/serverInfo": serverInfo };

  test("server/discover", async () => {
    const { status, json } = await modernRpc(t, key, "server/discover");
    expect(status).toBe(200);
    expect(json).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        resultType: "complete",
        supportedVersions: [MODERN],
        capabilities: {
          tools: { listChanged: true },
          resources: { listChanged: true, subscribe: true },
          prompts: { listChanged: true },
          ...{ completions: {}, logging: {} },
          extensions: { "io.modelcontextprotocol/tasks": {} },
        },
        instructions: expect.stringContaining("ERP"),
        ttlMs: expect.any(Number),
        cacheScope: "private",
        _meta: meta,
      },
    });
  });

  test("what discover names is what is served", async () => {
    const { json } = await modernRpc(t, key, "server/discover");
    const { supportedVersions } = json.result as { supportedVersions: string[] };
    const refused = await post(
      t,
      key,
      { ...ping, params: { _meta: { [VERSION_KEY]: "v999.0.0", [CAPABILITIES_KEY]: {} } } },
      header("v999.0.0"),
    );
    expect(refused.json.error).toEqual({
      code: -32022,
      message: "Unsupported protocol version",
      data: { supported: supportedVersions, requested: "v999.0.0" },
    });
  });

  test("tools/list may be cached by its caller alone", async () => {
    const { json } = await modernRpc(t, key, "tools/list");
    const { tools: listed, ...rest } = json.result!;
    expect(rest).toEqual({
      resultType: "complete",
      ttlMs: 60_000,
      cacheScope: "private",
      _meta: meta,
    });
    expect(listed).toEqual(await listTools(t, key));
  });

  test("tools/call must not be cached", async () => {
    const call = { name: "customers_search", arguments: {} };
    const { json } = await modernRpc(t, key, "tools/call", call);
    expect(json.result).toMatchObject({ resultType: "complete", _meta: meta });
    expect(json.result).not.toHaveProperty("ttlMs");
    expect(json.result).not.toHaveProperty("cacheScope");
    const legacyResult = await callTool(t, key, "customers_search");
    expect(json.result).toMatchObject({ ...legacyResult });
  });

  test("a failed tool is a complete result too", async () => {
    const call = { name: "customers_get", arguments: {} };
    const { status, json } = await modernRpc(t, key, "tools/call", call);
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ resultType: "complete", isError: true, _meta: meta });
  });

  test("an unknown tool is an error in-band", async () => {
    const { status, json } = await modernRpc(t, key, "tools/call", { name: "nope" });
    expect([status, json.error?.code]).toEqual([200, -32602]);
  });

  test("a replay says so beside the server's name", async () => {
    const call = {
      name: "customers_create",
      arguments: { name: "Ada", email: "ada@example.com", idempotencyKey: "modern-1" },
    };
    await modernRpc(t, key, "tools/call", call);
    const { json } = await modernRpc(t, key, "tools/call", call);
    expect(json.result?._meta).toEqual({ ...meta, "toolgate/replayed": true });
  });

  test.each(["initialize", "ping", "logging/setLevel", "resources/subscribe", "tasks/list"])(
    "%s: 404 and -32601",
    async (method) => {
      const { status, json } = await modernRpc(t, key, method);
      expect([status, json.id, json.error?.code]).toEqual([404, 1, -32601]);
    },
  );

  test.each(["tasks/get", "tasks/update", "tasks/cancel"])(
    "%s: 400 and -32021 to a client that does not declare the extension",
    async (method) => {
      const { status, json } = await modernRpc(
        t,
        key,
        method,
        { taskId: "x" },
        { "Mcp-Name": "x" },
      );
      expect([status, json.id, json.error?.code]).toEqual([400, 1, -32021]);
      expect(json.error?.data).toEqual({
        requiredCapabilities: { extensions: { "io.modelcontextprotocol/tasks": {} } },
      });
    },
  );

  test("the client's name is optional, and decides nothing", async () => {
    const message = modernMessage("server/discover");
    const first = await post(t, key, message, modernHeaders("server/discover"));
    expect(first.status).toBe(200);
    for (const clientInfo of [{ name: "x", version: "1" }, {}, null, "x"]) {
      const _meta = { ...message.params._meta, "io.modelcontextprotocol/clientInfo": clientInfo };
      const named = { ...message, params: { _meta } };
      expect((await post(t, key, named, modernHeaders("server/discover"))).text).toBe(first.text);
    }
  });

  test("header names in any case, blanks around values, base64 for the name", async () => {
    const message = modernMessage("tools/call", { name: "customers_search", arguments: {} });
    for (const headers of [
      {
        "MCP-PROTOCOL-VERSION": MODERN,
        "MCP-METHOD": "tools/call",
        "MCP-NAME": "customers_search",
      },
      { ...modernHeaders("tools/call"), "mcp-name": "  customers_search\t" },
      modernHeaders("tools/call", `=?base64?${btoa("customers_search")}?=`),
    ]) {
      expect((await post(t, key, message, headers)).json.error).toBeUndefined();
    }
  });

  test("a name beyond ASCII travels in base64", async () => {
    const name = "\u{1f4e6} paket \u00e4";
    const encoded = Buffer.from(name).toString("base64");
    const { status, json } = await post(
      t,
      key,
      modernMessage("tools/call", { name, arguments: {} }),
      modernHeaders("tools/call", `=?base64?${encoded}?=`),
    );
    expect([status, json.error]).toEqual([200, { code: -32602, message: `Unknown tool: ${name}` }]);
  });

  test("a session is neither needed nor minted", async () => {
    const reply = await modernRpc(t, key, "server/discover", {}, { "Mcp-Session-Id": "abc" });
    expect(reply.status).toBe(200);
    expect(reply.headers.has("mcp-session-id")).toBe(false);
  });
});

test("the eras take turns on one endpoint without noticing each other", async () => {
  const legacyList = async () => (await rpc(t, key, "tools/list")).text;
  const modernList = async () => (await modernRpc(t, key, "tools/list")).text;
  const [a, b] = [await legacyList(), await modernList()];
  const mixed = await Promise.all([legacyList(), modernList(), legacyList(), modernList()]);
  expect(mixed).toEqual([a, b, a, b]);
});

describe("what is not answered", () => {
  const expectAccepted = ({ status, headers, text }: Reply) => {
    expect([status, text]).toEqual([202, ""]);
    expect(headers.has("content-type")).toBe(false);
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("cache-control")).toBe("no-store");
  };

  test.each([
    ["initialized", { method: "notifications/initialized" }],
    ["initialized with params", { method: "notifications/initialized", params: {} }],
    ["cancelled", { method: "notifications/cancelled", params: { requestId: 1, reason: "x" } }],
    ["progress", { method: "notifications/progress", params: { progressToken: 1, progress: 1 } }],
    ["unknown", { method: "notifications/nope" }],
    ["a request's method without an id", { method: "ping" }],
  ])("a notification: %s", async (_name, message) => {
    for (const headers of [{}, ...LEGACY.map(header), header(MODERN)]) {
      expectAccepted(await post(t, key, { jsonrpc: "2.0", ...message }, headers));
    }
  });

  test("a modern notification with its envelope", async () => {
    const { id: _id, ...message } = modernMessage("notifications/cancelled", { requestId: 1 });
    expectAccepted(await post(t, key, message, modernHeaders("notifications/cancelled")));
  });

  test.each([
    ["a result", { id: 1, result: {} }],
    ["a result to a string", { id: "a", result: { roots: [] } }],
    ["an error", { id: 1, error: { code: -32601, message: "no" } }],
  ])("a posted response: %s", async (_name, message) => {
    for (const headers of [{}, ...LEGACY.map(header)]) {
      expectAccepted(await post(t, key, { jsonrpc: "2.0", ...message }, headers));
    }
  });

  test("but nobody is let in for it", async () => {
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    expect((await post(t, undefined, notification)).status).toBe(401);
    expect((await post(t, "nope", { jsonrpc: "2.0", id: 1, result: {} })).status).toBe(401);
  });

  test("a tools/call without id has no effect: nobody would learn of it", async () => {
    const before = await rows(t, "customers");
    const call = {
      name: "customers_create",
      arguments: { name: "Nobody", email: "no@example.com" },
    };
    expectAccepted(await post(t, key, { jsonrpc: "2.0", method: "tools/call", params: call }));
    expect(await rows(t, "customers")).toEqual(before);
  });

  test.each([
    ["an unknown tool", { name: "nope" }],
    ["no name", {}],
  ])("a tools/call without id is never answered in-band: %s", async (_name, params) => {
    const { status } = await post(t, key, { jsonrpc: "2.0", method: "tools/call", params });
    expect(status).not.toBe(200);
  });
});

describe("2025-03-26: batches", () => {
  const bodyOf = ({ text }: Reply) =>
    JSON.parse(text) as { id?: unknown; error?: { code: number } }[];
  const note = { jsonrpc: "2.0", method: "notifications/initialized" };

  test.each([{}, header("2025-03-26")])(
    "requests and notifications, in order (%j)",
    async (headers) => {
      const reply = await post(
        t,
        key,
        [{ ...ping, id: "b" }, note, { ...ping, id: 1 }, { ...ping, id: "a" }, note],
        headers,
      );
      expect(reply.status).toBe(200);
      expect(bodyOf(reply)).toEqual([
        { jsonrpc: "2.0", id: "b", result: {} },
        { jsonrpc: "2.0", id: 1, result: {} },
        { jsonrpc: "2.0", id: "a", result: {} },
      ]);
    },
  );

  test("one message is still an array", async () => {
    expect(bodyOf(await post(t, key, [ping]))).toEqual([{ jsonrpc: "2.0", id: 1, result: {} }]);
  });

  test("16 messages, the same id among them", async () => {
    const reply = await post(t, key, Array(16).fill(ping));
    expect(bodyOf(reply)).toEqual(Array(16).fill({ jsonrpc: "2.0", id: 1, result: {} }));
  });

  test.each([
    ["notifications alone", [note, note]],
    ["responses alone", [{ jsonrpc: "2.0", id: 1, result: {} }]],
    ["both", [note, { jsonrpc: "2.0", id: 1, error: { code: 1, message: "no" } }]],
  ])("%s: 202 and nothing else", async (_name, batch) => {
    const { status, text } = await post(t, key, batch);
    expect([status, text]).toEqual([202, ""]);
  });

  test("errors stand among the results", async () => {
    const call = (id: number, name: string) => ({
      ...{ jsonrpc: "2.0", id, method: "tools/call" },
      params: { name, arguments: {} },
    });
    const reply = await post(t, key, [
      { ...ping, id: 1 },
      { ...ping, id: 2, method: "nope" },
      call(3, "nope"),
      call(4, "customers_search"),
      1,
      [ping],
      { jsonrpc: "1.0", id: 5, method: "ping" },
      { ...ping, id: null },
      { ...ping, id: 6 },
    ]);
    expect(reply.status).toBe(200);
    expect(bodyOf(reply).map(({ id, error }) => [id, error?.code])).toEqual([
      [1, undefined],
      [2, -32601],
      [3, -32602],
      [4, undefined],
      [undefined, -32600],
      [undefined, -32600],
      [5, -32600],
      [undefined, -32600],
      [6, undefined],
    ]);
  });

  test("later messages see what earlier ones did", async () => {
    const reply = await post(t, key, [
      {
        ...ping,
        id: 1,
        method: "tools/call",
        params: { name: "customers_create", arguments: { name: "Batch", email: "b@example.com" } },
      },
      {
        ...ping,
        id: 2,
        method: "tools/call",
        params: { name: "customers_search", arguments: { text: "Batch" } },
      },
    ]);
    const [, found] = JSON.parse(reply.text);
    expect(found.result.structuredContent.items).toHaveLength(1);
  });

  test("without a good key: one refusal for all", async () => {
    const neverIssued = withChecksum(`cvxmcp_live_000000000001_${"A".repeat(43)}`);
    for (const bad of ["nope", neverIssued]) {
      const { status, json } = await post(t, bad, [ping, ping]);
      expect([status, json]).toEqual([
        401,
        { jsonrpc: "2.0", error: { code: 401, message: "Invalid API key" } },
      ]);
    }
  });

  test("initialize must not be in one", async () => {
    const reply = await post(t, key, [initialize("2025-03-26"), ping]);
    const codes =
      reply.status === 400 ? [reply.json.error?.code] : bodyOf(reply).map((m) => m.error?.code);
    expect(codes[0]).toBe(-32600);
  });
});

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

describe("tools/list", () => {
  test.each(roles)(
    "a %s sees what its role permits, in the order of the registry",
    async (role) => {
      const own = await issueKey(t, { role });
      const permitted = entriesOf(tools)
        .filter(([, { permission }]) => (defaultRoles[role] as string[]).includes(permission))
        .map(([name]) => name);
      const first = await listTools(t, own.key);
      expect(first.map(({ name }) => name)).toEqual(permitted);
      expect(await listTools(t, own.key)).toEqual(first);
    },
  );

  test("continues after any tool", async () => {
    const names = Object.keys(tools);
    for (const [at, name] of names.entries()) {
      const { json } = await rpc(t, key, "tools/list", { cursor: btoa(name) });
      const { tools: rest } = json.result as { tools: { name: string }[] };
      expect(rest.map((tool) => tool.name)).toEqual(names.slice(at + 1));
    }
  });
});
