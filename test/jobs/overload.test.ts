/** What Convex refuses to a worker and to its tool is tried again; what it loses the answer of is done once. */
import { describe, expect, test, vi } from "vitest";
import { isOver } from "../../src/data/jobState";
import type { Job } from "../../src/jobs/handle";
import { issueKey } from "../support/gate";
import { breakEachTest, breakFirst, inject, type Fault } from "../support/injector";
import { jobOf, newApp, theJob, type Script } from "../support/longApp";
import { call, open, responseOf, start } from "../support/streamClient";

vi.mock("../../src/runner/runner", async (original) =>
  (await import("../support/injector")).between(await original()),
);

breakEachTest();

/** Runs a long tool from its call to its end. */
const run = async (play: Script) => {
  const t = await newApp(play);
  const { key } = await issueKey(t);
  const stream = await open(t, key, "slow", {}, { progressToken: 1 });
  await vi.waitFor(async () => {
    expect(isOver(await theJob(t))).toBe(true);
  }, 10_000);
  const heard = await stream.ended;
  return { job: await theJob(t), told: JSON.stringify(responseOf(heard)), heard };
};

// The other texts of Convex are told apart in src/runner/runner.test.ts.
const faults: Fault[] = ["conflict", "lost", "thrown"];

describe.each(faults)("%s", (fault) => {
  test.each(["claim", "finish"])(
    "at %s: the tool runs once, and its result is kept",
    async (name) => {
      breakFirst(`toolgate/jobs:${name}`, fault, fault === "thrown" ? 4 : 2);
      const played = vi.fn(async () => ({ rows: 250 }));
      const { job, told } = await run(played);
      expect(played).toHaveBeenCalledTimes(1);
      expect(job).toMatchObject({ state: "succeeded", result: '{"rows":250}' });
      expect(told).toContain('"structuredContent":{"rows":250}');
    },
  );

  test("at every claim: the job has failed without having begun", async () => {
    breakFirst("toolgate/jobs:claim", fault, 5);
    const played = vi.fn(async () => "done");
    const t = await newApp(played);
    const { key } = await issueKey(t);
    const jobId = await start(t, key);
    await vi.waitFor(async () => {
      const { state, failure } = await jobOf(t, jobId);
      // One that no worker has taken waits for its watchdog, which says the same.
      expect([state, failure?.code]).toEqual(
        fault === "lost" ? ["failed", "not_started"] : ["queued", undefined],
      );
    });
    expect(played).not.toHaveBeenCalled();
  });

  test.each([1, 9])("at %i reports: the job goes on", async (times) => {
    breakFirst("toolgate/jobs:report", fault, times);
    const { job } = await run(async (play) => {
      for (let step = 1; step <= 3; step++) await play.progress(step, 3);
      return play.cancelled();
    });
    expect(job.state).toBe("succeeded");
    // An error of the function itself would come again.
    if (fault !== "thrown") expect(job.progress).toEqual({ done: 3, total: 3 });
  });

  test("at a look whether it was cancelled: it goes on", async () => {
    breakFirst("toolgate/jobs:isCancelled", fault, 9);
    const { job } = await run(async ({ cancelled }) => cancelled());
    expect(job).toMatchObject({ state: "succeeded", result: "false" });
  });
});

describe("without a slot for the tool", () => {
  /** Timers are the test's. A pause between two tries is 1 s on average, until there are many. */
  const newWaiting = async (played: Script) => {
    vi.restoreAllMocks();
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    });
    const t = await newApp(played);
    const { key } = await issueKey(t);
    const args = { idempotencyKey: "once-1234" };
    return { t, key, args, jobId: await start(t, key, "slow", args) };
  };
  const runClock = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const noSlot = () => {
    inject(({ kind }) => (kind === "action" ? "slot" : undefined));
  };

  test("a job waits, and runs once there is one", async () => {
    const played = vi.fn(async () => "done");
    noSlot();
    const { t, jobId } = await newWaiting(played);
    await runClock(50_000);
    expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
    inject();
    await runClock(5_000);
    expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded", result: '"done"' });
    expect(played).toHaveBeenCalledTimes(1);
  });

  test("for a minute it has failed without having begun, and its key runs again", async () => {
    const played = vi.fn(async () => "done");
    noSlot();
    const { t, key, args, jobId } = await newWaiting(played);
    await runClock(66_000);
    expect(await jobOf(t, jobId)).toMatchObject({
      ...{ state: "failed", failure: { code: "not_started" } },
    });
    expect(played).not.toHaveBeenCalled();
    inject();
    const again = await start(t, key, "slow", args);
    await runClock(2_000);
    expect(again).not.toBe(jobId);
    expect(await jobOf(t, again)).toMatchObject({ state: "succeeded", result: '"done"' });
    expect(played).toHaveBeenCalledTimes(1);
  });

  test("a later part is not lost: its job waits on, with what the part before has handed on", async () => {
    const played = vi.fn(async ({ checkpoint, continueLater }: Job) => {
      if (checkpoint !== undefined) return checkpoint;
      noSlot();
      return continueLater({ rows: 7 });
    });
    const { t, jobId } = await newWaiting(played);
    await runClock(150_000);
    expect(await jobOf(t, jobId)).toMatchObject({ state: "working" });
    inject();
    await runClock(70_000);
    expect(await jobOf(t, jobId)).toMatchObject({ state: "succeeded", result: '{"rows":7}' });
    expect(played).toHaveBeenCalledTimes(2);
  });

  test("it can be cancelled meanwhile", async () => {
    const played = vi.fn(async () => "done");
    noSlot();
    const { t, key, jobId } = await newWaiting(played);
    await runClock(10_000);
    await call(t, key, "jobs_cancel", { jobId });
    await runClock(5_000);
    expect(await jobOf(t, jobId)).toMatchObject({ state: "cancelled" });
    inject();
    await runClock(60_000);
    expect(played).not.toHaveBeenCalled();
  });

  test("what the tool itself is refused may come after part of its work", async () => {
    const { job, told } = await run(async () => {
      throw new Error("Uncaught Error: Too many concurrent requests");
    });
    expect(job).toMatchObject({ state: "unknown" });
    expect(told).toContain("outcome_unknown");
  });
});
