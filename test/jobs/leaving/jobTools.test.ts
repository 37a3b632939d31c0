/** jobs_get and jobs_cancel, and what a tool makes of being cancelled. */
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { issueKey, type Backend, withoutOperation } from "../../support/gate";
import { jobOf, newApp, newGate, noWorker } from "../../support/longApp";
import { call, reply, start, until } from "../../support/streamClient";
import { endOf } from "../setup";
import { newSocket, pause, stepping } from "./setup";

const stateOf = async (t: Backend, jobId: string) => (await jobOf(t, jobId)).state;

describe.concurrent("jobs_get and jobs_cancel", () => {
  test("show and stop a job of one's own, also by another key of the same subject", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const second = await issueKey(t, { subject: "agent" });
    const jobId = await start(url, key);
    await until(async () => (await stateOf(t, jobId)) === "working");
    for (const own of [key, second.key]) {
      const { structuredContent } = await call(url, own, "jobs_get", { jobId });
      expect(structuredContent).toMatchObject({ jobId, tool: "slow", state: "working" });
      expect(structuredContent!.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
    const cancelled = await call(url, second.key, "jobs_cancel", { jobId });
    expect(cancelled.structuredContent).toEqual({ jobId, state: "working" });
    await until(async () => (await stateOf(t, jobId)) === "cancelled", 2_000);
    expect((await call(url, key, "jobs_cancel", { jobId })).structuredContent).toEqual({
      ...{ jobId, state: "cancelled" },
    });
    const { structuredContent } = await call(url, key, "jobs_get", { jobId });
    expect(structuredContent).toMatchObject({ state: "cancelled" });
    expect(structuredContent).not.toHaveProperty("result");
  });

  test("a stranger's job is like one that never was, to the byte", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened);
    const jobId = await start(url, key);
    const strangers = [
      await issueKey(t, { subject: "stranger" }),
      await issueKey(t, { subject: "agent", tenant: "globex" }),
    ];
    for (const stranger of strangers) {
      for (const name of ["jobs_get", "jobs_cancel"]) {
        const foreign = await reply(url, stranger.key, "tools/call", {
          ...{ name, arguments: { jobId } },
        });
        const missing = await reply(url, stranger.key, "tools/call", {
          ...{ name, arguments: { jobId: crypto.randomUUID() } },
        });
        expect(withoutOperation(foreign)).toEqual(withoutOperation(missing));
        expect(foreign.result!.content[0]!.text).toBe("not_found: No such job.");
      }
    }
    expect(await jobOf(t, jobId)).toMatchObject({ cancelRequested: false });
    gate.open();
  });

  test("a queued job ends when it is cancelled, and its worker then does nothing", async () => {
    const t = await newApp(async () => "done", { worker: noWorker });
    const { key } = await issueKey(t);
    const jobId = await start(t, key);
    expect((await call(t, key, "jobs_cancel", { jobId })).structuredContent).toEqual({
      ...{ jobId, state: "cancelled" },
    });
    const job = await jobOf(t, jobId);
    expect(await endOf(t, job)).toMatchObject({ outcome: "cancelled", at: job.updatedAt });
  });

  test("the error of a failed job is told", async () => {
    const { url, key } = await newSocket(async () => {
      throw new ConvexError({ code: "full", message: "No room." });
    });
    const jobId = await start(url, key);
    await until(async () => {
      const { structuredContent } = await call(url, key, "jobs_get", { jobId });
      return structuredContent!.state === "failed";
    });
    const { structuredContent } = await call(url, key, "jobs_get", { jobId });
    expect(structuredContent!.error).toEqual({ code: "full", message: "No room." });
  });
});

describe.concurrent("a cancelled job", () => {
  test("may ask, and clean up, before it ends", async () => {
    const asked: boolean[] = [];
    const { cancellation } = await import("../../../src/jobs/ends");
    const { t, url, key } = await newSocket(async (job) => {
      for (;;) {
        asked.push(await job.cancelled());
        if (asked.at(-1)) throw cancellation();
        await pause(50);
      }
    });
    const jobId = await start(url, key);
    await until(() => asked.length > 2);
    await call(url, key, "jobs_cancel", { jobId });
    await until(async () => (await stateOf(t, jobId)) === "cancelled", 2_000);
    expect(asked.slice(0, -1).every((was) => !was)).toBe(true);
  });

  test("that finishes all the same has succeeded", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(async () => {
      await gate.opened;
      return "all of it";
    });
    const jobId = await start(url, key);
    await until(async () => (await stateOf(t, jobId)) === "working");
    await call(url, key, "jobs_cancel", { jobId });
    gate.open();
    await until(async () => (await stateOf(t, jobId)) !== "working");
    expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded", result: '"all of it"' });
  });

  test("that fails for another reason has failed", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(async () => {
      await gate.opened;
      throw new ConvexError({ code: "full", message: "No room." });
    });
    const jobId = await start(url, key);
    await until(async () => (await stateOf(t, jobId)) === "working");
    await call(url, key, "jobs_cancel", { jobId });
    gate.open();
    await until(async () => (await stateOf(t, jobId)) === "failed");
  });
});
