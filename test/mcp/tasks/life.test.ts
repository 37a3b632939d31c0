/**
 * Reading, cancelling and updating a task, which is a job under another name.
 *
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { JOB_KEPT_MS } from "../../../src/data/jobState";
import { jobOf, newGate } from "../../support/longApp";
import { start, until } from "../../support/streamClient";
import { ISO, SERVER_INFO, get, newCaller, statusOf, task } from "./setup";

/** Below what is tested, the clock of the reply may have moved by some milliseconds. */
const about = (ms: number) => [expect.toSatisfy((got: number) => got >= ms && got < ms + 500)];

describe("tasks/get", () => {
  test("asks to be polled soon at first, and every 5 s when it is a minute old", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    const { _id, createdAt } = await jobOf(t, taskId);
    for (const [age, interval] of [
      [0, 250],
      [10_000, 1_250],
      [60_000, 5_000],
      [3_600_000, 5_000],
    ] as const) {
      await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { createdAt: createdAt - age }));
      expect([(await get(t, key, taskId)).pollIntervalMs]).toEqual(about(interval));
    }
    gate.open();
  });

  test("working with what it says, then completed with the result of the call", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(async (job) => {
      await job.progress(1, 2, "Half of it");
      await gate.opened;
      return { made: 2 };
    });
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).progress !== undefined);
    const working = await get(t, key, taskId);
    expect(working).toEqual({
      resultType: "complete",
      ...{ taskId, status: "working", statusMessage: "Half of it" },
      createdAt: expect.stringMatching(ISO),
      lastUpdatedAt: expect.stringMatching(ISO),
      ttlMs: JOB_KEPT_MS,
      pollIntervalMs: expect.any(Number),
      _meta: SERVER_INFO,
    });
    gate.open();
    await until(async () => (await statusOf(t, key, taskId)) === "completed");
    const completed = await get(t, key, taskId);
    expect(completed).toMatchObject({
      ...{ resultType: "complete", taskId, status: "completed", createdAt: working.createdAt },
      result: { content: [{ type: "text", text: '{"made":2}' }], structuredContent: { made: 2 } },
    });
    expect(completed).not.toHaveProperty("error");
    expect(completed).not.toHaveProperty("inputRequests");
    expect(Date.parse(completed.lastUpdatedAt as string)).toBeGreaterThanOrEqual(
      Date.parse(completed.createdAt as string),
    );
    // The same to the byte, any number of times: it changes nothing.
    expect(await get(t, key, taskId)).toEqual(completed);
    expect(await get(t, key, taskId)).toEqual(completed);
  });

  test("a tool that failed has completed, with a result that says so", async () => {
    const { t, key } = await newCaller(async () => {
      throw new ConvexError({ code: "full", message: "No room." });
    });
    const taskId = await start(t, key);
    await until(async () => (await statusOf(t, key, taskId)) !== "working");
    const completed = await get(t, key, taskId);
    expect(completed).toMatchObject({
      ...{ status: "completed", result: { isError: true, content: [{ text: "full: No room." }] } },
    });
    expect(completed).not.toHaveProperty("error");
  });

  test("a lost one has failed, with an error that says what is not known", async () => {
    const { t, key } = await newCaller(() => new Promise(() => undefined));
    const taskId = await start(t, key);
    await t.run(async (ctx) => {
      await ctx.db.patch("toolgateJobs", (await ctx.db.query("toolgateJobs").first())!._id, {
        ...{ state: "unknown" as const },
      });
    });
    const lost = await get(t, key, taskId);
    expect(lost).toMatchObject({
      status: "failed",
      error: { code: -32603, message: expect.stringContaining("may have done part of its work") },
    });
    expect(lost).not.toHaveProperty("result");
  });
});

describe("tasks/cancel and tasks/update", () => {
  test("cancel stops it at its next step; it has no result then", async () => {
    const { t, key } = await newCaller(async (job) => {
      for (let step = 0; ; step++) {
        await job.progress(step);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).state === "working");
    const { result } = await task(t, key, "cancel", { taskId });
    expect(result).toEqual({ resultType: "complete", _meta: SERVER_INFO });
    await until(async () => (await statusOf(t, key, taskId)) === "cancelled", 2_000);
    const cancelled = await get(t, key, taskId);
    expect(cancelled).not.toHaveProperty("result");
    expect(cancelled).not.toHaveProperty("error");
    expect((await task(t, key, "cancel", { taskId })).result).toEqual(result);
    expect(await get(t, key, taskId)).toEqual(cancelled);
  });

  test("cancel of what has ended is acknowledged and changes nothing", async () => {
    const { t, key } = await newCaller(async () => ({ made: 1 }));
    const taskId = await start(t, key);
    await until(async () => (await statusOf(t, key, taskId)) === "completed");
    const before = await jobOf(t, taskId);
    expect((await task(t, key, "cancel", { taskId })).result).toMatchObject({
      ...{ resultType: "complete" },
    });
    expect(await jobOf(t, taskId)).toEqual(before);
  });

  test("update is acknowledged, and every answer in it ignored", async () => {
    const gate = newGate();
    const { t, key } = await newCaller(() => gate.opened);
    const taskId = await start(t, key);
    await until(async () => (await jobOf(t, taskId)).state === "working");
    const before = await jobOf(t, taskId);
    for (const inputResponses of [{}, { q: { action: "accept", content: { a: 1 } } }]) {
      const { result } = await task(t, key, "update", { taskId, inputResponses });
      expect(result).toEqual({ resultType: "complete", _meta: SERVER_INFO });
    }
    expect(await jobOf(t, taskId)).toEqual(before);
    for (const inputResponses of [undefined, null, [], "x"]) {
      const { error } = await task(t, key, "update", { taskId, inputResponses });
      expect(error!.code).toBe(-32602);
    }
    gate.open();
  });
});
