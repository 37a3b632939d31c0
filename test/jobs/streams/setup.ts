/** Long tools behind sockets, for callers who stay. */
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { issueKey } from "../../support/gate";
import { newApp, serve, type Options, type Script } from "../../support/longApp";
import type { Speech } from "../../support/streamClient";

const closers: (() => Promise<void>)[] = [];

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all(closers.map((close) => close()));
});

export const newSocket = async (script: Script, options?: Options) => {
  const t = await newApp(script, options);
  const { key, keyId } = await issueKey(t);
  const { url, close } = await serve(t);
  closers.push(close);
  return { t, key, keyId, url };
};

/** What a caller who may read jobs is answered while one runs. */
export const running = (jobId: string) => ({
  ...{ jobId, state: "working" },
  next: expect.stringContaining(
    `Call jobs_get with {"jobId":"${jobId}","waitSeconds":40} now`,
  ) as string,
});

export const eras: [string, Speech][] = [
  ["2025-11-25", { headers: { "mcp-protocol-version": "2025-11-25" } }],
  ["2026-07-28", { era: "modern" }],
];
