/**
 * Leaving: what closing the connection and notifications/cancelled stop, and what they do not.
 *
 * @spec MCP 2025-11-25 basic/utilities/cancellation
 * @spec MCP 2026-07-28 basic/patterns/cancellation
 */
import { describe, expect, test } from "vitest";
import { issueKey, rows } from "../../support/gate";
import { jobOf, newApp, newGate, theJob } from "../../support/longApp";
import {
  ask,
  call,
  notify,
  open,
  responseOf,
  start,
  until,
  type Speech,
} from "../../support/streamClient";
import { endOf } from "../setup";
import { newSocket, pause, stepping } from "./setup";

describe.concurrent("closing the connection", () => {
  const speeches: [string, Speech][] = [
    ["a stream", {}],
    ["a wait for JSON", { accept: "application/json" }],
  ];

  test.each(speeches)("cancels a 2026-07-28 request: %s", async (_name, speech) => {
    const gate = newGate();
    const steps: number[] = [];
    const { t, url, key } = await newSocket(stepping(gate, steps));
    const leaving = new AbortController();
    const heard = open(url, key, "slow", {}, { ...speech, era: "modern", signal: leaving.signal });
    heard.catch(() => undefined);
    await until(() => steps.length > 2);
    leaving.abort();
    const left = Date.now();
    await until(async () => (await theJob(t)).state === "cancelled", 2_000);
    expect(Date.now() - left).toBeLessThan(2_000);
    const before = steps.length;
    await pause(300);
    expect(steps).toHaveLength(before);
    const job = await theJob(t);
    expect(await endOf(t, job)).toMatchObject({ outcome: "cancelled", at: job.updatedAt });
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  });

  test.each(speeches)("does not cancel a 2025-11-25 request: %s", async (_name, speech) => {
    const gate = newGate();
    const steps: number[] = [];
    const { t, url, key } = await newSocket(stepping(gate, steps));
    const leaving = new AbortController();
    const headers = { "mcp-protocol-version": "2025-11-25" };
    const heard = open(url, key, "slow", {}, { ...speech, headers, signal: leaving.signal });
    heard.catch(() => undefined);
    await until(() => steps.length > 0);
    leaving.abort();
    await until(async () => (await rows(t, "toolgateStreamLeases")).length === 0);
    const before = steps.length;
    await until(() => steps.length > before + 3);
    expect(await theJob(t)).toMatchObject({ state: "working", cancelRequested: false });
    gate.open();
    await until(async () => (await theJob(t)).state === "succeeded");
  });

  test("cancels nothing once the job has ended", async () => {
    const { t, url, key } = await newSocket(async () => "done");
    const leaving = new AbortController();
    const heard = await open(url, key, "slow", {}, { era: "modern", signal: leaving.signal });
    await until(async () => (await theJob(t)).state === "succeeded");
    leaving.abort();
    await heard.ended;
    await pause(400);
    expect(await theJob(t)).toMatchObject({ state: "succeeded", result: '"done"' });
  });
});

describe.concurrent("notifications/cancelled", () => {
  test.each([5, "five", "5"])("cancels the job of the request %j", async (id) => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const heard = await open(url, key, "slow", {}, { id });
    await until(async () => (await theJob(t)).state === "working");
    // The same digits in the other type are another id.
    const twin = id === 5 ? "5" : id === "5" ? 5 : "unknown";
    expect(await notify(url, key, "notifications/cancelled", { requestId: twin })).toBe(202);
    expect(await theJob(t)).toMatchObject({ cancelRequested: false });
    const before = Date.now();
    const params = { requestId: id, reason: "No longer needed" };
    expect(await notify(url, key, "notifications/cancelled", params)).toBe(202);
    await heard.ended;
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(responseOf(heard).result).toMatchObject({
      ...{ isError: true, content: [{ text: expect.stringMatching(/^cancelled: /) }] },
    });
    expect(await theJob(t)).toMatchObject({ state: "cancelled" });
  });

  test("does nothing for another key's request, an unknown one, or none", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    // Another key of the same subject, even.
    const other = await issueKey(t, { subject: "agent" });
    const heard = await open(url, key, "slow", {}, { id: 1 });
    await until(async () => (await theJob(t)).state === "working");
    expect(await notify(url, other.key, "notifications/cancelled", { requestId: 1 })).toBe(202);
    for (const params of [{ requestId: 2 }, {}, { requestId: null }, { requestId: { id: 1 } }]) {
      expect(await notify(url, key, "notifications/cancelled", params)).toBe(202);
    }
    expect(await notify(url, "junk", "notifications/cancelled", { requestId: 1 })).toBe(401);
    await pause(250);
    expect(await theJob(t)).toMatchObject({ state: "working", cancelRequested: false });
    gate.open();
    await heard.ended;
    expect(responseOf(heard).result!.isError).toBeUndefined();
  });

  test("does nothing when two running jobs have the id", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const streams = [await open(url, key, "slow"), await open(url, key, "slow")];
    await until(async () =>
      (await rows(t, "toolgateJobs")).every(({ state }) => state === "working"),
    );
    await notify(url, key, "notifications/cancelled", { requestId: 1 });
    await pause(250);
    const jobs = await rows(t, "toolgateJobs");
    expect(jobs.map(({ cancelRequested }) => cancelRequested)).toEqual([false, false]);
    gate.open();
    await Promise.all(streams.map(({ ended }) => ended));
  });

  test("one that has ended does not stand in the way of one that runs", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket((job, label) =>
      label === "" ? Promise.resolve("done") : stepping(gate)(job, label),
    );
    await call(url, key, "slow");
    const heard = await open(url, key, "slow", { label: "long" });
    await notify(url, key, "notifications/cancelled", { requestId: 1 });
    await heard.ended;
    expect((await rows(t, "toolgateJobs")).map(({ state }) => state)).toEqual([
      ...["succeeded", "cancelled"],
    ]);
  });

  test("does nothing when two running jobs have the id, 20 ended ones between them", async () => {
    const gate = newGate();
    const t = await newApp(() => gate.opened);
    const { key } = await issueKey(t);
    const first = await start(t, key);
    const { _id, _creationTime, ...row } = await jobOf(t, first);
    await t.run(async (ctx) => {
      for (let i = 0; i < 20; i++) {
        await ctx.db.insert("toolgateJobs", { ...row, jobId: String(i), state: "succeeded" });
      }
    });
    const second = await start(t, key);
    await notify(t, key, "notifications/cancelled", { requestId: 1 });
    const jobs = [await jobOf(t, first), await jobOf(t, second)];
    gate.open();
    expect(jobs.map(({ cancelRequested }) => cancelRequested)).toEqual([false, false]);
    expect(jobs.map(({ state }) => state)).not.toContain("cancelled");
  });

  test("in a session, only what was called in it", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const sessions = await Promise.all(
      [1, 2].map(async () => {
        const heard = await ask(url, key, "initialize", {
          ...{ protocolVersion: "2025-11-25", capabilities: {} },
          clientInfo: { name: "c", version: "1" },
        });
        await heard.ended;
        return { "mcp-session-id": heard.headers.get("mcp-session-id")! };
      }),
    );
    const [mine, other] = sessions;
    expect(mine).not.toEqual(other);
    const streams = await Promise.all(
      sessions.map((headers) => open(url, key, "slow", {}, { headers })),
    );
    await until(async () =>
      (await rows(t, "toolgateJobs")).every(({ state }) => state === "working"),
    );
    // Outside of any session it is nobody's.
    await notify(url, key, "notifications/cancelled", { requestId: 1 });
    await pause(200);
    expect((await rows(t, "toolgateJobs")).some(({ cancelRequested }) => cancelRequested)).toBe(
      false,
    );
    await notify(url, key, "notifications/cancelled", { requestId: 1 }, mine);
    await streams[0]!.ended;
    expect(responseOf(streams[0]!).result!.content[0]!.text).toMatch(/^cancelled/);
    gate.open();
    await streams[1]!.ended;
    expect(responseOf(streams[1]!).result!.isError).toBeUndefined();
  });

  test("cancels nothing in 2026-07-28, which has no such notification", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const heard = await open(url, key, "slow", {}, { era: "modern" });
    await until(async () => (await theJob(t)).state === "working");
    const { status } = await open(url, key, "read", { text: "x" }, { era: "modern" });
    expect(status).toBe(200);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
        ...{ authorization: `Bearer ${key}`, "MCP-Protocol-Version": "2026-07-28" },
        "Mcp-Method": "notifications/cancelled",
      },
      body: JSON.stringify({
        ...{ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
      }),
    });
    expect(response.status).toBe(202);
    await pause(250);
    expect(await theJob(t)).toMatchObject({ cancelRequested: false });
    gate.open();
    await heard.ended;
  });
});
