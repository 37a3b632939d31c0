/** Real clients under the limits as shipped: 30 connections of one key, one right after the other. */
import * as two from "@modelcontextprotocol/client";
import { Client as ClientOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportOne } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { jsonSchemaValidator, keysOf, serveApp } from "./app";
import { tap, type Wire } from "./wire";

const app = serveApp();

// Time stands still, so no token comes back while this machine is slow.
beforeAll(() => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", undefined);
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const withKey = keysOf(app);

const options = { jsonSchemaValidator };
const info = { name: "thirty", version: "1" };

const classic = async (wire: Wire, role: string) => {
  const client = new ClientOne(info, options);
  const transport = new TransportOne(app.url, withKey(wire, role));
  await client.connect(transport);
  await client.listTools();
  await client.callTool({ name: "customers_search", arguments: {} });
  await transport.terminateSession();
  await client.close();
};

const current = (mode: "legacy" | "auto") => async (wire: Wire, role: string) => {
  const client = new two.Client(info, { ...options, versionNegotiation: { mode } });
  const transport = new two.StreamableHTTPClientTransport(app.url, withKey(wire, role));
  await client.connect(transport);
  await client.listTools();
  await client.callTool({ name: "customers_search", arguments: {} });
  await transport.terminateSession();
  await client.close();
};

test.each([
  ["sdk 1.x", "admin", classic],
  ["client 2.x, 2025", "sales", current("legacy")],
  ["client 2.x, newest", "viewer", current("auto")],
] as const)("%s connects 30 times, lists and reads", { timeout: 60_000 }, async (...row) => {
  const [, role, session] = row;
  const wire = tap();
  for (let connection = 0; connection < 30; connection++) await session(wire, role);
  const exchanges = await wire.exchanges();
  expect(exchanges.filter(({ status }) => status === 429)).toEqual([]);
  expect(exchanges.filter(({ sent }) => sent?.method === "tools/call")).toHaveLength(30);
});
