/** `@modelcontextprotocol/sdk` 1.x, on which most clients in the field are built. It knows only the revisions with a handshake. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { newCustomer, serveApp, wrongKeys } from "./app";
import { checkWire, tap, type Wire } from "./wire";

const app = serveApp();

let wire: Wire;
let client: Client;
let transport: StreamableHTTPClientTransport;
const onerror = vi.fn();

const newClient = () => {
  const made = new Client({ name: "sdk-1", version: "1" });
  made.onerror = onerror;
  return made;
};

beforeEach(() => {
  wire = tap();
  client = newClient();
  onerror.mockClear();
});

afterEach(async () => {
  await client.close();
  await checkWire(wire);
});

const connect = async (key: string, to = client) => {
  transport = new StreamableHTTPClientTransport(app.url, {
    fetch: wire.fetch,
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
  await to.connect(transport);
};

const call = async (name: string, args: Record<string, unknown> = {}) =>
  (await client.callTool({ name, arguments: args })) as CallToolResult;

test("connects and learns who answers", async () => {
  await connect(app.key("admin"));
  expect(client.getServerVersion()).toMatchObject({ name: "toolgate-erp" });
  expect(client.getInstructions()).toContain("ERP");
  expect(client.getServerCapabilities()).toEqual({
    ...{ tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
    extensions: { "io.modelcontextprotocol/ui": {} },
  });
  expect(transport.protocolVersion).toBe("2025-11-25");
});

test("asks for a standing stream, is told 405, and works on", async () => {
  await connect(app.key("viewer"));
  await vi.waitFor(async () => {
    expect((await wire.exchanges()).find(({ method }) => method === "GET")).toMatchObject({
      status: 405,
      received: [{ error: { code: 405 } }],
    });
  });
  // A name for its request ids, and nothing that the server keeps.
  expect(transport.sessionId).toMatch(/^[\da-f-]{36}[~.\w-]*\.[\w-]{43}$/);
  expect((await client.listTools()).tools).not.toHaveLength(0);
  expect(onerror).not.toHaveBeenCalled();
});

test("ends a session it believes in, is told 405, and takes it well", async () => {
  // The transport asks to end only a session that it has an id of.
  transport = new StreamableHTTPClientTransport(app.url, {
    fetch: wire.fetch,
    requestInit: { headers: { Authorization: `Bearer ${app.key("viewer")}` } },
    sessionId: "from-another-server",
  });
  await transport.start();
  await transport.terminateSession();
  const [end] = await wire.exchanges();
  expect(end).toMatchObject({ method: "DELETE", status: 405 });
  await transport.close();
});

test("lists what the role may call", async () => {
  await connect(app.key("viewer"));
  const { tools } = await client.listTools();
  expect(tools.length).toBeGreaterThan(5);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
  expect(tools.every(({ outputSchema }) => outputSchema?.type === "object")).toBe(true);
});

test("calls a query and a mutation, and finds the answers as their output schemas say", async () => {
  await connect(app.key("admin"));
  await client.listTools();
  const customer = newCustomer("sdk-1");
  const created = await call("customers_create", customer);
  expect(created.isError).toBeUndefined();
  expect(created.structuredContent).toMatchObject(customer);
  const found = await call("customers_search", { text: customer.email });
  expect(found.structuredContent).toMatchObject({ items: [customer], nextCursor: null });
});

test("reads what is wrong with its arguments", async () => {
  await connect(app.key("admin"));
  await client.listTools();
  const result = await call("customers_search", { limit: "ten" });
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: 'invalid_arguments: limit: expected integer, got "ten"' }],
  });
});

test.each(["customers_create", "no_such_tool"])("is told that %s is no tool", async (name) => {
  await connect(app.key("viewer"));
  const refused = call(name, newCustomer("sdk-1"));
  await expect(refused).rejects.toBeInstanceOf(McpError);
  await expect(refused).rejects.toMatchObject({
    code: -32602,
    message: expect.stringContaining(`Unknown tool: ${name}`),
  });
});

test("asks for progress and gets the answer on a stream", async () => {
  await connect(app.key("viewer"));
  const request = { name: "customers_search", arguments: {} };
  const result = await client.callTool(request, undefined, { onprogress: vi.fn() });
  expect(result.structuredContent).toHaveProperty("items");
  const [called] = await wire.calls("tools/call");
  expect(called).toMatchObject({ status: 200, type: "text/event-stream" });
  expect(onerror).not.toHaveBeenCalled();
});

test("pings", async () => {
  await connect(app.key("viewer"));
  expect(await client.ping()).toEqual({});
});

test("reports a wrong key as 401", async () => {
  for (const key of await wrongKeys()) {
    await expect(connect(key, newClient())).rejects.toSatisfy(
      (error) => error instanceof StreamableHTTPError && error.code === 401,
    );
  }
});

test("closes, and can be followed by another", async () => {
  await connect(app.key("viewer"));
  await client.close();
  await expect(client.listTools()).rejects.toThrow("Not connected");
  client = newClient();
  await connect(app.key("viewer"));
  expect((await client.listTools()).tools).not.toHaveLength(0);
});
