/** A place of an open stream finds its way home: when its call ends, its client leaves or its holder dies. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows } from "../support/gate";
import { newApp, newGate } from "../support/longApp";
import { call, open, start, until } from "../support/streamClient";
import { newSocket, PER_KEY } from "./budget";

const LEASE_MS = 45_000;

afterEach(() => {
  vi.useRealTimers();
});

test("a place is freed by its lease when its holder died", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const { key, keyId } = await issueKey(t);
  await t.run(async (ctx) => {
    for (let i = 0; i < PER_KEY; i++) {
      await ctx.db.insert("toolgateStreamLeases", {
        ...{ keyId, tenant: "acme", listens: false },
        ...{ endsAt: Date.now() + 2 * LEASE_MS, expiresAt: Date.now() + LEASE_MS },
      });
    }
  });
  expect((await open(t, key, "slow")).status).toBe(429);
  // Two: within a transaction the time may be a millisecond ahead of a clock that stands still.
  vi.setSystemTime(Date.now() + LEASE_MS - 2);
  expect((await open(t, key, "slow")).status).toBe(429);
  vi.setSystemTime(Date.now() + 3);
  const heard = await open(t, key, "slow");
  expect(heard.status).toBe(200);
  // The sweep takes the dead rows and leaves the living one.
  vi.setSystemTime(Date.now() + 2);
  expect(await t.mutation(internal.toolgate.jobs.sweep, {})).toMatchObject({ streams: PER_KEY });
  expect(await rows(t, "toolgateStreamLeases")).toHaveLength(1);
  gate.open();
  await heard.ended;
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("a holder that lives renews its lease", async () => {
  const gate = newGate();
  const t = await newApp(() => gate.opened);
  const { key } = await issueKey(t);
  vi.useFakeTimers({ toFake: ["Date"] });
  const heard = await open(t, key, "slow");
  await until(async () => (await rows(t, "toolgateStreamLeases")).length === 1);
  const [first] = await rows(t, "toolgateStreamLeases");
  vi.setSystemTime(Date.now() + 20_100);
  await until(async () => {
    const [now] = await rows(t, "toolgateStreamLeases");
    return now!.expiresAt > Date.now() + LEASE_MS / 2;
  });
  expect((await rows(t, "toolgateStreamLeases")).map(({ _id }) => _id)).toEqual([first!._id]);
  gate.open();
  await heard.ended;
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

// They mostly wait, so they wait together.
describe.concurrent("at once", () => {
  test("callers that take only JSON hold places too", async () => {
    const gate = newGate();
    const { t, url, keys } = await newSocket(() => gate.opened);
    const waiting = Array.from({ length: PER_KEY }, () =>
      open(url, keys[0]!, "slow", {}, { accept: "application/json" }),
    );
    await until(async () => (await rows(t, "toolgateStreamLeases")).length === PER_KEY);
    expect((await open(url, keys[0]!, "slow")).status).toBe(429);
    gate.open();
    await Promise.all(waiting);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test.each(["legacy", "modern"] as const)(
    "%s: a client that leaves gives its place back",
    async (era) => {
      const gate = newGate();
      const { t, url, keys } = await newSocket(() => gate.opened);
      const leaving = new AbortController();
      const streams = await Promise.all(
        Array.from({ length: PER_KEY }, (_, id) =>
          open(url, keys[0]!, "slow", {}, { era, id, signal: leaving.signal }),
        ),
      );
      expect((await open(url, keys[0]!, "slow", {}, { era })).status).toBe(429);
      leaving.abort();
      await Promise.all(streams.map(({ ended }) => ended));
      await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0, 1_500);
      const again = await open(url, keys[0]!, "slow", {}, { era });
      expect(again.status).toBe(200);
      gate.open();
      await again.ended;
    },
  );

  test("a call that cannot start a job gives its place back at once", async () => {
    const t = await newApp(async () => "done");
    const { key } = await issueKey(t);
    for (let i = 0; i < PER_KEY + 1; i++) {
      expect((await call(t, key, "slow", { label: "x".repeat(950_000) })).isError).toBe(true);
    }
    const args = { idempotencyKey: "the-same-key" };
    for (let i = 0; i < PER_KEY + 2; i++) await call(t, key, "slow", args);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test("tasks and ordinary calls hold no place, and are not refused when all are taken", async () => {
    const gate = newGate();
    const t = await newApp(() => gate.opened);
    const { key } = await issueKey(t);
    const streams = await Promise.all(
      Array.from({ length: PER_KEY }, (_, id) => open(t, key, "slow", {}, { id })),
    );
    for (let i = 0; i < 6; i++) await start(t, key);
    const jobId = (await rows(t, "toolgateJobs"))[0]!.jobId;
    expect((await call(t, key, "jobs_get", { jobId })).structuredContent).toMatchObject({ jobId });
    expect((await call(t, key, "jobs_cancel", { jobId })).structuredContent).toMatchObject({
      jobId,
    });
    expect(await rows(t, "toolgateStreamLeases")).toHaveLength(PER_KEY);
    gate.open();
    await Promise.all(streams.map(({ ended }) => ended));
  });

  test("a batch holds a place for one call at a time", async () => {
    const t = await newApp(async () => "done");
    const { key } = await issueKey(t);
    const response = await t.fetch("/mcp", {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
        ...{ authorization: `Bearer ${key}`, "mcp-protocol-version": "2025-03-26" },
      },
      body: JSON.stringify(
        Array.from({ length: 6 }, (_, id) => ({
          ...{ jsonrpc: "2.0", id, method: "tools/call", params: { name: "slow", arguments: {} } },
        })),
      ),
    });
    const replies = (await response.json()) as { id: number; result?: object }[];
    expect(replies.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(replies.every(({ result }) => result !== undefined)).toBe(true);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });
});
