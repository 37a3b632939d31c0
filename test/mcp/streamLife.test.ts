/**
 * Answers as server-sent events: what is sent while a long call runs, and what is done once the client has left.
 *
 * @spec MCP 2025-11-25 basic/transports
 * @spec MCP 2026-07-28 basic/transports/streamable-http
 */
import { afterEach, expect, test, vi } from "vitest";
import { issueKey, rows } from "../support/gate";
import { newApp, newHold, probeTools } from "./app";
import { bytesOf, fetchCall, parseEvents } from "../support/speak";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

const hold = newHold();
const t = await newApp(probeTools, hold);
const { key } = await issueKey(t);

afterEach(() => {
  vi.useRealTimers();
});

const outcomes = async () =>
  (await rows(t, "toolgateAudit")).map(({ tool, outcome }) => [tool, outcome]);

const recorded =
  (tool: string, ...expected: string[]) =>
  async () => {
    const own = (await outcomes()).filter(([name]) => name === tool);
    expect(own).toEqual(expected.map((outcome) => [tool, outcome]));
  };

/** All that a job, its watchdog and a stream go by. */
const fakeTime = () =>
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });

test("long calls: a comment at once, then one every 15 s with progress, then the result", async () => {
  fakeTime();
  const own = newHold();
  const app = await newApp(probeTools, own);
  const { key: ownKey } = await issueKey(app);
  const response = await fetchCall(app, ownKey, {
    name: "hold",
    _meta: {
      progressToken: "p-1",
      "io.modelcontextprotocol/clientInfo": { name: "claude-code", version: "2" },
    },
  });
  const reader = response.body!.getReader();
  const first = await reader.read();
  expect(new TextDecoder().decode(first.value)).toBe(": open\n\n");
  // Nearly as long as this client waits. The worker renews its lease all the while.
  await vi.advanceTimersByTimeAsync(264_000);
  own.open();
  await vi.advanceTimersByTimeAsync(5_000);
  const parts: Uint8Array[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
  }
  // What is left is the job's watchdog, which finds that it has nothing to do.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.getTimerCount()).toBe(0);
  // Every part is a whole event, so nothing is cut where a proxy flushes.
  for (const part of parts) expect(new TextDecoder().decode(part).endsWith("\n\n")).toBe(true);
  const { messages, comments, problems } = parseEvents(Buffer.concat(parts), 1);
  expect(problems).toEqual([]);
  expect(comments).toEqual(Array(18).fill("keep-alive"));
  const notes = messages.slice(0, -1);
  expect(notes).toEqual(
    Array(18).fill({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken: "p-1", progress: expect.any(Number) },
    }),
  );
  // The tool says nothing itself: every beat adds next to nothing, far from the tool's own first step.
  const numbers = notes.map(({ params }) => (params as { progress: number }).progress);
  expect(numbers[0]).toBe(0);
  for (const [i, number] of numbers.slice(1).entries()) expect(number).toBeGreaterThan(numbers[i]!);
  expect(numbers.at(-1)).toBeLessThan(0.001);
  expect(messages.at(-1)).toMatchObject({
    id: 1,
    result: { structuredContent: { result: "done" } },
  });
});

test("without a progress token: comments alone", async () => {
  fakeTime();
  const own = newHold();
  const app = await newApp(probeTools, own);
  const { key: ownKey } = await issueKey(app);
  const response = await fetchCall(app, ownKey, { name: "hold" });
  await vi.advanceTimersByTimeAsync(46_000);
  own.open();
  // Of a job that says nothing it looks every 5 s.
  await vi.advanceTimersByTimeAsync(5_000);
  const { messages, comments } = parseEvents(await bytesOf(response));
  expect(comments).toEqual(["open", "keep-alive", "keep-alive", "keep-alive"]);
  expect(messages).toHaveLength(1);
});

test("a client that leaves: the action goes on, and how it ended is recorded", async () => {
  const leaving = new AbortController();
  const response = await fetchCall(t, key, { name: "hold" }, { signal: leaving.signal });
  const reader = response.body!.getReader();
  await reader.read();
  await recorded("hold", "started")();
  leaving.abort();
  hold.open();
  await vi.waitFor(recorded("hold", "started", "succeeded"), { timeout: 2000 });
});

test("a client that was gone before the stream began", async () => {
  const app = await newApp(probeTools);
  const { key: ownKey } = await issueKey(app);
  const leaving = new AbortController();
  const pending = fetchCall(
    app,
    ownKey,
    { name: "echo", arguments: { text: "a" } },
    { signal: leaving.signal },
  );
  leaving.abort();
  await pending.catch(() => undefined);
  await vi.waitFor(async () => {
    const audit = (await rows(app, "toolgateAudit")).filter(({ tool }) => tool === "echo");
    expect(audit.at(-1)?.outcome).toBe("succeeded");
  });
});
