/**
 * 2026-07-28, beside the revisions of 2025 on one endpoint.
 *
 * @spec MCP 2026-07-28 basic/versioning
 * @spec MCP 2026-07-28 basic/index
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 * @spec MCP 2026-07-28 server/discover
 * @spec MCP 2026-07-28 server/utilities/caching
 */
import { describe, expect, test, vi } from "vitest";
import {
  callTool,
  listTools,
  post,
  rpc,
  onlyOperation,
  withoutOperation,
} from "../../support/gate";
import {
  CAPABILITIES_KEY,
  MODERN,
  modernHeaders,
  modernMessage,
  modernRpc,
  VERSION_KEY,
} from "../../support/speak";
import { checkInstructions, header, key, ping, serverInfo, t } from "./setup";

describe("2026-07-28", () => {
  const INFO = "io.modelcontextprotocol/serverInfo";
  const meta = { [INFO]: { name: "toolgate-erp", version: "0.1.0" } };

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
          extensions: { "io.modelcontextprotocol/tasks": {}, "io.modelcontextprotocol/ui": {} },
        },
        instructions: expect.any(String),
        ttlMs: expect.any(Number),
        cacheScope: "private",
        _meta: { [INFO]: serverInfo },
      },
    });
    checkInstructions(json.result?.instructions);
  });

  test.each(["http://some.convex.site", ""])(
    "at %j, what is a path of the deployment has no https URL and is left out",
    async (site) => {
      vi.stubEnv("CONVEX_SITE_URL", site);
      const { json } = await modernRpc(t, key, "server/discover");
      vi.unstubAllEnvs();
      const { websiteUrl: _url, icons: _icons, ...rest } = serverInfo;
      expect(json.result?._meta).toEqual({ [INFO]: rest });
    },
  );

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
    expect(json.result).toMatchObject(withoutOperation(legacyResult));
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
    const first = await modernRpc(t, key, "tools/call", call);
    const original = (first.json.result?._meta as Record<string, unknown>)["toolgate/operation"];
    const { json } = await modernRpc(t, key, "tools/call", call);
    expect(json.result?._meta).toEqual({
      ...{ ...meta, ...onlyOperation, "toolgate/replayed": true, "toolgate/original": original },
    });
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
