/** `@ai-sdk/mcp`: the tools as Vercel's AI SDK hands them to a model. */
import { createMCPClient, type MCPClient } from "@ai-sdk/mcp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newCustomer, serveApp, wrongKeys } from "./app";
import { checkWire, tap, type Wire } from "./wire";

const app = serveApp();

let wire: Wire;
let client: MCPClient | undefined;

beforeEach(() => {
  wire = tap();
  client = undefined;
});

afterEach(async () => {
  await client?.close();
  await checkWire(wire);
});

const connect = async (key: string): Promise<MCPClient> => {
  client = await createMCPClient({
    transport: {
      type: "http",
      url: app.url.href,
      headers: { Authorization: `Bearer ${key}` },
      fetch: wire.fetch,
    },
  });
  return client;
};

const options = { toolCallId: "1", messages: [] };

test("converts the tools of a role", async () => {
  const connected = await connect(app.key("viewer"));
  expect(connected.serverInfo).toMatchObject({ name: "toolgate-erp" });
  const tools = await connected.tools();
  expect(Object.keys(tools)).toContain("orders_get");
  expect(tools).not.toHaveProperty("orders_create");
  const { inputSchema, description } = tools.customers_search!;
  expect(description).toContain("Find customers");
  expect(inputSchema).toMatchObject({
    jsonSchema: {
      type: "object",
      properties: { limit: { type: "integer", minimum: 1, maximum: 50, default: 20 } },
      additionalProperties: false,
    },
  });
});

test("executes a query and a mutation", async () => {
  const tools = await (await connect(app.key("admin"))).tools();
  const customer = newCustomer("ai-sdk");
  const created = await tools.customers_create!.execute(customer, options);
  expect(created).toMatchObject({ structuredContent: customer });
  const found = await tools.customers_search!.execute({ text: customer.email }, options);
  expect(found).toMatchObject({ structuredContent: { items: [customer] } });
});

test("hands the model what is wrong with its arguments", async () => {
  const tools = await (await connect(app.key("admin"))).tools();
  expect(await tools.customers_search!.execute({ limit: "ten" }, options)).toMatchObject({
    isError: true,
    content: [{ text: 'invalid_arguments: limit: expected integer, got "ten"' }],
  });
});

test("fails with a wrong key", async () => {
  for (const key of await wrongKeys()) await expect(connect(key)).rejects.toThrow("401");
});
