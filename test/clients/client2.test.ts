/** `@modelcontextprotocol/client` 2.x: as it comes, probing for the newest revision, and pinned to it. */
import {
  Client,
  ProtocolError,
  SdkHttpError,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type VersionNegotiationMode,
} from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newCustomer, serveApp, wrongKeys } from "./app";
import { checkWire, tap, type Wire } from "./wire";

const app = serveApp();

const modes: [string, VersionNegotiationMode, "legacy" | "modern"][] = [
  ["legacy", "legacy", "legacy"],
  ["auto", "auto", "modern"],
  ["pinned", { pin: "2026-07-28" }, "modern"],
];

const newClient = (mode: VersionNegotiationMode) =>
  new Client({ name: "client-2", version: "1" }, { versionNegotiation: { mode } });

/** The key as a fixed header, or as a token that the transport asks for. */
const byHeader = (wire: Wire, key: string) =>
  new StreamableHTTPClientTransport(app.url, {
    fetch: wire.fetch,
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
const byProvider = (wire: Wire, key: string) =>
  new StreamableHTTPClientTransport(app.url, {
    fetch: wire.fetch,
    authProvider: { token: () => Promise.resolve(key) },
  });

const extensions = { "io.modelcontextprotocol/ui": {} };
const features = {
  ...{ tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
  extensions,
};
const subscribable = {
  tools: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  prompts: { listChanged: true },
};

describe.each(modes)("client 2.x, %s", (_name, mode, era) => {
  let wire: Wire;
  let client: Client;
  beforeEach(() => {
    wire = tap();
    client = newClient(mode);
  });
  afterEach(async () => {
    await client.close();
    await checkWire(wire);
  });

  const connect = (role: string) => client.connect(byHeader(wire, app.key(role)));

  test("connects and learns who answers", async () => {
    await connect("admin");
    expect(client.getServerVersion()).toMatchObject({ name: "toolgate-erp" });
    expect(client.getInstructions()).toContain("ERP");
    expect(client.getServerCapabilities()).toEqual(
      era === "modern"
        ? {
            ...{ ...features, ...subscribable },
            extensions: { ...extensions, "io.modelcontextprotocol/tasks": {} },
          }
        : features,
    );
    expect(client.getProtocolEra()).toBe(era);
    expect(client.getNegotiatedProtocolVersion()).toBe(
      era === "modern" ? "2026-07-28" : "2025-11-25",
    );
    const probes = await wire.calls("server/discover");
    const handshakes = await wire.calls("initialize");
    expect([probes.length, handshakes.length]).toEqual(era === "modern" ? [1, 0] : [0, 1]);
  });

  test("takes the key from an auth provider", async () => {
    await client.connect(byProvider(wire, app.key("viewer")));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("customers_search");
  });

  test("lists what the role may call", async () => {
    await connect("viewer");
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(5);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
    expect(tools.every(({ outputSchema }) => outputSchema?.type === "object")).toBe(true);
  });

  test("calls a query and a mutation, and finds the answers as their output schemas say", async () => {
    await connect("admin");
    await client.listTools();
    const customer = newCustomer("client-2");
    const created = await client.callTool({ name: "customers_create", arguments: customer });
    expect(created.isError).toBeUndefined();
    expect(created.structuredContent).toMatchObject(customer);
    const found = await client.callTool({
      name: "customers_search",
      arguments: { text: customer.email },
    });
    expect(found.structuredContent).toMatchObject({ items: [customer], nextCursor: null });
    expect(JSON.parse((found.content[0] as { text: string }).text)).toEqual(
      found.structuredContent,
    );
  });

  test("would refuse an answer that its output schema does not allow", async () => {
    const forge: Wire["fetch"] = async (url, init) => {
      const response = await wire.fetch(url, init);
      const body = (await response.clone().text()).replace('"nextCursor":null', '"nextCursor":1');
      return new Response(body, response);
    };
    await client.connect(byHeader({ ...wire, fetch: forge }, app.key("viewer")));
    await client.listTools();
    const call = client.callTool({ name: "customers_search", arguments: { text: "no such" } });
    await expect(call).rejects.toThrow("output schema");
  });

  test("reads what is wrong with its arguments", async () => {
    await connect("admin");
    const result = await client.callTool({ name: "customers_search", arguments: { limit: "ten" } });
    expect(result.isError).toBe(true);
    expect(result.content).toEqual([
      { type: "text", text: 'invalid_arguments: limit: expected integer, got "ten"' },
    ]);
  });

  test.each(["customers_create", "no_such_tool"])("is told that %s is no tool", async (name) => {
    await connect("viewer");
    const call = client.callTool({ name, arguments: newCustomer("client-2") });
    await expect(call).rejects.toBeInstanceOf(ProtocolError);
    await expect(call).rejects.toMatchObject({ code: -32602, message: `Unknown tool: ${name}` });
  });

  test("asks for progress and gets the answer on a stream", async () => {
    await connect("viewer");
    const onprogress = vi.fn();
    const result = await client.callTool(
      { name: "customers_search", arguments: {} },
      { onprogress },
    );
    expect(result.structuredContent).toHaveProperty("items");
    const [call] = await wire.calls("tools/call");
    expect(call).toMatchObject({ status: 200, type: "text/event-stream" });
  });

  test("pings", async () => {
    await connect("viewer");
    const ping = client.ping();
    if (era === "legacy") expect(await ping).toEqual({});
    else await expect(ping).rejects.toThrow();
  });

  test("reports a wrong key as 401", async () => {
    for (const key of await wrongKeys()) {
      await expect(newClient(mode).connect(byHeader(wire, key))).rejects.toSatisfy(
        (error) => error instanceof SdkHttpError && error.status === 401,
      );
      await expect(newClient(mode).connect(byProvider(wire, key))).rejects.toBeInstanceOf(
        UnauthorizedError,
      );
    }
  });

  test("closes, and can be followed by another", async () => {
    await connect("viewer");
    await client.close();
    await expect(client.callTool({ name: "orders_list" })).rejects.toThrow();
    client = newClient(mode);
    await connect("viewer");
    expect((await client.listTools()).tools).not.toHaveLength(0);
  });
});
