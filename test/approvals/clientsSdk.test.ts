/** The official clients take every answer to a call that waits for a person: what they validate of it is what the list said. */
import {
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
} from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { listen } from "../../cli/serve/listen";
import { decide } from "./decisions";
import { bought, newShop, waiting, type Shop } from "./setup";

let shop: Shop;
let url: URL;
let close: () => Promise<void>;
beforeEach(async () => {
  shop = await newShop();
  const door = await listen(
    { host: "127.0.0.1", port: 0 },
    ({ url: to, method, headers, body, signal }) =>
      shop.t.fetch(new URL(to).pathname, {
        ...{ method, headers, body, signal },
        ...(body && { duplex: "half" }),
      }),
  );
  url = new URL("/mcp", door.url);
  close = () => door.close();
});

interface Result {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: { readonly text: string }[];
}

interface Connected {
  readonly list: () => Promise<unknown>;
  readonly call: (name: string, args?: object) => Promise<Result>;
  readonly close: () => Promise<void>;
}

const info = { name: "a client", version: "1" };
const init = (key: string) => ({ requestInit: { headers: { Authorization: `Bearer ${key}` } } });

const wrapped = (client: Client1 | Client2): Connected => ({
  list: () => client.listTools(),
  call: async (name, args = { thing: "desk", count: 20 }) =>
    (await client.callTool({ name, arguments: { ...args } })) as unknown as Result,
  close: () => client.close(),
});

const second = (mode: "legacy" | "auto") => async (key: string) => {
  const client = new Client2(info, { versionNegotiation: { mode } });
  await client.connect(new Transport2(url, init(key)));
  return wrapped(client);
};

const clients: [string, (key: string) => Promise<Connected>][] = [
  [
    "sdk 1.x",
    async (key) => {
      const client = new Client1(info);
      await client.connect(new Transport1(url, init(key)));
      return wrapped(client);
    },
  ],
  ["client 2.x, 2025-11-25", second("legacy")],
  ["client 2.x, 2026-07-28", second("auto")],
];

describe.each(clients)("%s", (_name, connect) => {
  let client: Connected;
  beforeEach(async () => {
    client = await connect(shop.key);
    await client.list();
  });
  afterEach(async () => {
    await client.close();
    await close();
  });

  test.each(["buy", "always", "slow"])("%s: held, looked at, approved, and read", async (name) => {
    const held = await client.call(name);
    expect([held.isError, held.structuredContent?.state]).toEqual([undefined, "awaiting_approval"]);
    const jobId = String(held.structuredContent?.jobId);
    const seen = await client.call("jobs_get", { jobId });
    expect(seen.structuredContent).toMatchObject({ jobId, state: "awaiting_approval" });
    expect(await bought(shop.t)).toEqual([]);
    await decide(shop.t, jobId, "approve");
    const result = name === "slow" ? "did desk" : { paid: 200 };
    const after = await client.call("jobs_get", { jobId, waitSeconds: 5 });
    expect(after.structuredContent).toMatchObject({
      ...{ state: "succeeded", result },
      approval: { verdict: "approved" },
    });
  });

  test("a query: held, approved, and run when its answer is read", async () => {
    const held = await client.call("look", { thing: "desk" });
    const jobId = String(held.structuredContent?.jobId);
    await decide(shop.t, jobId, "approve");
    shop.script.price = 11;
    const { structuredContent } = await client.call("jobs_get", { jobId });
    expect(structuredContent).toMatchObject({ state: "succeeded", result: { price: 11 } });
  });

  test("a denial is an error that says what to do, and the same call again gets it too", async () => {
    const { structuredContent } = await client.call("buy");
    const jobId = String(structuredContent?.jobId);
    await decide(shop.t, jobId, "deny", { note: "too dear" });
    expect((await client.call("jobs_get", { jobId })).structuredContent).toMatchObject({
      ...{ state: "denied", error: { code: "denied" } },
    });
    const again = await client.call("buy");
    expect([again.isError, again.content[0]?.text]).toEqual([
      true,
      expect.stringMatching(/^denied: A person denied this: "too dear"\. Nothing was done\./),
    ]);
    expect(await bought(shop.t)).toEqual([]);
  });

  test("a list of before a rule refuses the answer, and the call waits once; a new list takes it", async () => {
    const { t, keyId } = shop;
    await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval: ["plain"] });
    await expect(client.call("plain")).rejects.toThrow(/output schema/i);
    const [one, ...more] = await waiting(t);
    expect([one?.tool, more]).toEqual(["plain", []]);
    await client.close();
    client = await connect(shop.key);
    await client.list();
    const held = await client.call("plain");
    expect(held.structuredContent).toMatchObject({ jobId: one?.jobId, state: "awaiting_approval" });
    expect(await bought(t)).toEqual([]);
  });
});
