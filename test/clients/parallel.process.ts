/** Many clients at once, of every kind, on one server. */
import * as two from "@modelcontextprotocol/client";
import { Client as ClientOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportOne } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { expect, test } from "vitest";
import { jsonSchemaValidator, keysOf, newCustomer, serveApp } from "./app";
import { checkWire, tap, type Wire } from "./wire";

const app = serveApp();

const withKey = keysOf(app);

const clientTwo =
  (mode: "legacy" | "auto") =>
  async (wire: Wire, role: string): Promise<two.Client> => {
    const client = new two.Client(
      { name: `client-2-${mode}`, version: "1" },
      { versionNegotiation: { mode }, jsonSchemaValidator },
    );
    await client.connect(new two.StreamableHTTPClientTransport(app.url, withKey(wire, role)));
    return client;
  };

const clientOne = async (wire: Wire, role: string): Promise<ClientOne> => {
  const client = new ClientOne({ name: "sdk-1", version: "1" }, { jsonSchemaValidator });
  const transport = new TransportOne(app.url, withKey(wire, role));
  await client.connect(transport);
  return client;
};

const kinds = [clientTwo("legacy"), clientTwo("auto"), clientOne];

/** Connects, lists, writes and reads back; answers with what it read. */
const session = async (wire: Wire, index: number) => {
  const connect = kinds[index % kinds.length]!;
  const client = await connect(wire, index % 2 === 0 ? "admin" : "sales");
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("customers_create");
  const customer = newCustomer(`parallel-${String(index)}`);
  const created = await client.callTool({ name: "customers_create", arguments: customer });
  expect(created.structuredContent).toMatchObject(customer);
  const { id } = created.structuredContent as { id: string };
  const read = await client.callTool({ name: "customers_get", arguments: { customerId: id } });
  await client.close();
  expect(read.structuredContent).toEqual(created.structuredContent);
  return id;
};

test("32 clients connect, list and call at the same time", async () => {
  const wires = Array.from({ length: 32 }, tap);
  const ids = await Promise.all(wires.map(session));
  expect(new Set(ids).size).toBe(32);
  for (const wire of wires) await checkWire(wire);
});
