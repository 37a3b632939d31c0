/** A call that runs for a while, as real clients see it: progress while it runs, and then its result. */
import * as two from "@modelcontextprotocol/client";
import { Client as ClientOne } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportOne } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSlowApp } from "./slowApp";
import { checkWire, tap, type Wire } from "./wire";

let app: Awaited<ReturnType<typeof startSlowApp>>;
let wire: Wire;
let started: Promise<void>;
let finish: () => void;

beforeEach(async () => {
  let start!: () => void;
  started = new Promise((resolve) => (start = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  app = await startSlowApp(() => {
    start();
    return finished;
  });
  wire = tap();
  // The clock of the beat, and nothing that sockets depend on.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
});

afterEach(async () => {
  vi.useRealTimers();
  await app.close();
});

interface Options {
  readonly onprogress: (progress: { progress: number }) => void;
  readonly signal?: AbortSignal;
}

/** Connects and gives a way to call the tool. */
type Connect = () => Promise<{
  call: (options: Options) => Promise<unknown>;
  close: () => Promise<void>;
}>;

const request = { name: "slow", arguments: {} };

const transportOptions = () => ({
  fetch: wire.fetch,
  requestInit: { headers: { Authorization: `Bearer ${app.key}` } },
});

const clientTwo =
  (mode: two.VersionNegotiationMode): Connect =>
  async () => {
    const client = new two.Client(
      { name: "client-2", version: "1" },
      { versionNegotiation: { mode } },
    );
    await client.connect(new two.StreamableHTTPClientTransport(app.url, transportOptions()));
    return {
      call: (options) => client.callTool(request, options),
      close: () => client.close(),
    };
  };

const clientOne: Connect = async () => {
  const client = new ClientOne({ name: "sdk-1", version: "1" });
  await client.connect(new TransportOne(app.url, transportOptions()));
  return {
    call: (options) => client.callTool(request, undefined, options),
    close: () => client.close(),
  };
};

const clients: [string, Connect][] = [
  ["client 2.x, legacy", clientTwo("legacy")],
  ["client 2.x, pinned", clientTwo({ pin: "2026-07-28" })],
  ["sdk 1.x", clientOne],
];

test.each(clients)("%s sees progress, then the result", async (_name, connect) => {
  const client = await connect();
  const onprogress = vi.fn<Options["onprogress"]>();
  const result = client.call({ onprogress });
  await started;
  for (const beats of [1, 2]) {
    vi.advanceTimersByTime(15_000);
    await vi.waitFor(() => {
      expect(onprogress).toHaveBeenCalledTimes(beats);
    });
  }
  finish();
  expect(await result).toMatchObject({ structuredContent: { done: true } });
  const [first, second] = onprogress.mock.calls.map(([{ progress }]) => progress);
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThan(0.001);
  await checkWire(wire);
  await client.close();
});

test.each(clients)("%s gives up, and is served again", async (_name, connect) => {
  const client = await connect();
  const abort = new AbortController();
  const result = client.call({ onprogress: vi.fn(), signal: abort.signal });
  await started;
  abort.abort("no longer needed");
  await expect(result).rejects.toThrow("no longer needed");
  finish();
  expect(await client.call({ onprogress: vi.fn() })).toMatchObject({
    structuredContent: { done: true },
  });
  const notices = await wire.calls("notifications/cancelled");
  expect(notices.every(({ status }) => status === 202)).toBe(true);
  await checkWire(wire);
  await client.close();
});
