/**
 * What a stream tells of a job: messages from their level on, progress that only grows, and nothing twice.
 *
 * @spec MCP 2025-11-25 basic/utilities/progress
 * @spec MCP 2026-07-28 basic/patterns/progress
 * @spec MCP 2025-11-25 server/utilities/logging
 */
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { LOG_LEVELS } from "../../src/data/logLevel";
import type { JobEvent } from "../../src/data/values";
import type { Watched } from "../../src/jobs/read";
import type { Exchange } from "../../src/mcp/exchange";
import { notifier, type Wanted } from "../../src/mcp/notifier";
import { follow } from "../../src/mcp/waiting/followJob";
import { modernHeaders, modernMessage, parseEvents } from "../support/speak";
import { newApp } from "../support/longApp";
import { bearer, issueKey, jsonHeaders } from "../support/gate";

interface Notification {
  readonly method: string;
  readonly params: { progress?: number; level?: string; data?: string };
}

const toldOf = (wanted: Wanted) => {
  const sent: Notification[] = [];
  return { sent, ...notifier(wanted, (message) => sent.push(message as Notification)) };
};

describe("notifier", () => {
  const logs = LOG_LEVELS.map((level, seq): JobEvent => ({ seq, log: { level, data: level } }));

  test.each([undefined, ...LOG_LEVELS])("messages from level %s on", (logLevel) => {
    const { sent, tell } = toldOf({ logLevel });
    logs.forEach(tell);
    const from = logLevel === undefined ? LOG_LEVELS.length : LOG_LEVELS.indexOf(logLevel);
    expect(sent).toEqual(
      LOG_LEVELS.slice(from).map((level) => ({
        ...{ jsonrpc: "2.0", method: "notifications/message", params: { level, data: level } },
      })),
    );
  });

  test("a level that is none is not told", () => {
    const { sent, tell } = toldOf({ logLevel: "debug" });
    tell({ seq: 1, log: { level: "loud", data: "x" } });
    expect(sent).toEqual([]);
  });

  test("no progress without a token, and a beat says nothing then", () => {
    const { sent, tell, beat } = toldOf({ logLevel: "debug" });
    tell({ seq: 1, progress: { done: 1 } });
    beat();
    expect(sent).toEqual([]);
  });

  test("progress only grows, whatever comes", () => {
    const step = fc.oneof(
      fc.constant("beat" as const),
      fc.record({ done: fc.nat(100) }),
      fc.record({ done: fc.nat(100), total: fc.constant(100) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { sent, tell, beat } = toldOf({ progressToken: 0 });
        for (const [at, progress] of steps.entries()) {
          if (progress === "beat") beat();
          else tell({ seq: at + 1, progress });
        }
        const told = sent.map(({ params }) => params.progress!);
        expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
      }),
    );
  });

  test("an event with both tells both", () => {
    const { sent, tell } = toldOf({ progressToken: "t", logLevel: "info" });
    tell({ seq: 1, progress: { done: 1 }, log: { level: "info", data: "x" } });
    expect(sent.map(({ method }) => method)).toEqual([
      "notifications/progress",
      "notifications/message",
    ]);
  });
});

test("several reports between two looks are all told, once and in order", async () => {
  const now = Date.now();
  const log = (seq: number): JobEvent => ({ seq, log: { level: "info", data: String(seq) } });
  const looks = [[1], [1, 2, 3], [2, 3], [3, 4, 5, 6], [4, 5, 6]];
  const seen = looks.map((seqs, at): Watched => ({
    ...{
      state: at < looks.length - 1 ? "working" : "succeeded",
      tool: "x",
      operation: "o",
      result: "null",
    },
    ...{ events: seqs.map(log), createdAt: now, updatedAt: now, leaseUntil: now + 60_000 },
    isKeyValid: true,
    isStopped: false,
  }));
  const { sent, tell, beat } = toldOf({ logLevel: "info" });
  const exchange = {
    runner: { query: () => Promise.resolve(seen.shift()) },
    ...{
      app: { dir: "toolgate" },
      era: { closingCancels: false },
      receivedAt: now,
      call: { stream: { purpose: "work", endsAt: now + 50_000 } },
    },
    ...{ message: { method: "tools/call", params: {} }, notifier: { tell, beat } },
    request: new Request("https://x.example"),
  } as unknown as Exchange;
  vi.useFakeTimers({ now });
  const followed = follow(exchange, { jobId: "j", watcher: 1 } as never);
  await vi.advanceTimersByTimeAsync(5_000);
  vi.useRealTimers();
  expect(await followed).toHaveProperty("ended");
  expect(sent.map(({ params }) => params.data)).toEqual(["1", "2", "3", "4", "5", "6"]);
});

describe("a tool that says several things at once", async () => {
  const t = await newApp(async (job) => {
    for (const level of LOG_LEVELS) await job.log(level, `says ${level}`);
    await job.progress(1, 2, "half");
    return "done";
  });
  const { key } = await issueKey(t);

  const told = async (message: object, headers: object = {}) => {
    const init = { headers: { ...jsonHeaders, ...bearer(key), ...headers } };
    const reply = await t.fetch("/mcp", { ...init, method: "POST", body: JSON.stringify(message) });
    const { messages } = parseEvents(new Uint8Array(await reply.arrayBuffer()));
    return messages.flatMap(({ params }) =>
      params !== undefined && "level" in params ? [params.level] : [],
    );
  };

  const params = { name: "slow", arguments: {} };

  test.each([undefined, "debug", "error", "emergency"] as const)(
    "2026-07-28 with logLevel %s",
    async (level) => {
      const message = modernMessage("tools/call", params);
      const _meta = { ...message.params._meta, "io.modelcontextprotocol/logLevel": level };
      const asked = { ...message, params: { ...message.params, _meta } };
      expect(await told(asked, modernHeaders("tools/call", "slow"))).toEqual(
        level === undefined ? [] : LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)),
      );
    },
  );

  test("2025 revisions hear from info on", async () => {
    const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    expect(await told(message)).toEqual(LOG_LEVELS.slice(1));
  });
});
