/**
 * Clients that cannot be installed, imitated request by request: the MCP connector of the Anthropic API, the `mcp` tool of the
 * OpenAI Responses API, claude.ai and Claude Code. Which revisions they ask for changes; what they send and forget is the point.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newCustomer, serveApp } from "./app";
import { checkWire, tap, type Exchange, type Wire } from "./wire";

const app = serveApp();

let wire: Wire;
beforeEach(() => {
  wire = tap();
});
afterEach(() => checkWire(wire));

type Json = Record<string, unknown>;

interface Manners {
  /** The revision to ask for. */
  readonly asks: string;
  /** The revision to name in the header after the handshake, if any; `negotiated` for what was agreed on. */
  readonly names?: string;
}

/** One connection of a client, with a key. */
const dial = (key: string) => {
  let id = 0;
  const post = async (message: Json, headers: Record<string, string>) => {
    await wire.fetch(app.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
    return (await wire.exchanges()).at(-1)!;
  };
  return {
    notify: (method: string, headers: Record<string, string> = {}) => post({ method }, headers),
    request: (method: string, params: Json, headers: Record<string, string> = {}) =>
      post({ id: ++id, method, params }, headers),
  };
};

const resultOf = ({ received }: Exchange) => received.at(-1)!.result as Json;

/** Connects, and gives a way to ask for more in the same manner. */
const shakeHands = async ({ asks, names }: Manners, line: ReturnType<typeof dial>) => {
  const greeting = await line.request("initialize", {
    protocolVersion: asks,
    capabilities: {},
    clientInfo: { name: "hosted", version: "1" },
  });
  const { protocolVersion } = resultOf(greeting) as { protocolVersion: string };
  const version = names === "negotiated" ? protocolVersion : names;
  const headers = version === undefined ? {} : { "mcp-protocol-version": version };
  expect(await line.notify("notifications/initialized", headers)).toMatchObject({
    status: 202,
    type: "",
  });
  return {
    protocolVersion,
    ask: async (method: string, params: Json = {}) =>
      resultOf(await line.request(method, params, headers)),
  };
};

const clients: [string, Manners][] = [
  ["the Anthropic API's connector", { asks: "2025-06-18", names: "negotiated" }],
  ["OpenAI's Responses API", { asks: "2025-03-26", names: "negotiated" }],
  ["claude.ai, which names no revision after the handshake", { asks: "2025-11-25" }],
  ["Claude Code, which names another than agreed on", { asks: "2025-06-18", names: "2025-11-25" }],
];

describe.each(clients)("%s", (_name, manners) => {
  test("connects, lists and calls", async () => {
    const { protocolVersion, ask } = await shakeHands(manners, dial(app.key("sales")));
    expect(protocolVersion).toBe(manners.asks);
    const { tools } = (await ask("tools/list")) as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toContain("customers_create");
    const customer = newCustomer("hosted");
    const created = await ask("tools/call", { name: "customers_create", arguments: customer });
    expect(created).toMatchObject({ structuredContent: customer });
    const found = await ask("tools/call", {
      name: "customers_search",
      arguments: { text: customer.email },
    });
    expect(found).toMatchObject({ structuredContent: { items: [customer] } });
  });
});

test("ChatGPT opens a connection for every call", async () => {
  const key = app.key("viewer");
  for (const name of ["orders_list", "invoices_list"]) {
    const { ask } = await shakeHands({ asks: "2025-06-18", names: "negotiated" }, dial(key));
    expect(await ask("tools/call", { name, arguments: {} })).toHaveProperty("structuredContent");
  }
});

test("Claude Code asks server/discover first, and may still shake hands", async () => {
  const line = dial(app.key("viewer"));
  const probe = await line.request(
    "server/discover",
    {
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "claude-code", version: "2" },
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
    { "mcp-protocol-version": "2026-07-28", "mcp-method": "server/discover" },
  );
  expect(probe.status).toBe(200);
  expect(resultOf(probe)).toMatchObject({ supportedVersions: ["2026-07-28"] });
  const { ask } = await shakeHands({ asks: "2025-11-25", names: "2025-11-25" }, line);
  expect(await ask("tools/list")).toHaveProperty("tools");
});

test.each(["2024-11-05", "2027-01-01"])(
  "a client that asks for %s is offered the newest",
  async (asks) => {
    const manners = { asks, names: "negotiated" };
    const { protocolVersion, ask } = await shakeHands(manners, dial(app.key("viewer")));
    expect(protocolVersion).toBe("2025-11-25");
    expect(await ask("ping")).toEqual({});
  },
);

test("the tools fit what the model APIs take", async () => {
  const { ask } = await shakeHands({ asks: "2025-06-18" }, dial(app.key("admin")));
  interface Tool {
    name: string;
    description: string;
    inputSchema: { type: string; properties: Json };
  }
  const { tools } = (await ask("tools/list")) as unknown as { tools: Tool[] };
  for (const { name, description, inputSchema } of tools) {
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(description.length).toBeLessThan(1024);
    expect(inputSchema.type).toBe("object");
    for (const property of Object.keys(inputSchema.properties))
      expect(property).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    // Refused at the top of a schema by both; `$ref` is followed by neither's strict mode.
    for (const keyword of ["anyOf", "oneOf", "allOf", "not", "enum"])
      expect(inputSchema).not.toHaveProperty(keyword);
    expect(JSON.stringify(inputSchema)).not.toContain('"$ref"');
  }
});
