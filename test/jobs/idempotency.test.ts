/** What a job's row remembers of the idempotency key that it was called with: the newest job of a key counts. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { JOB_KEPT_MS } from "../../src/data/jobState";
import { issueKey, rows, type Backend, type ToolResult } from "../support/gate";
import { jobOf, newApp, noWorker, theJob } from "../support/longApp";
import { asTask, call, reply, start } from "../support/streamClient";

const HOUR = 60 * 60 * 1000;
const idempotencyKey = "secret-of-the-client";

let t: Backend;
let key: string;

// The clock stands still until it is moved; timers are real. No worker ever starts: the test ends jobs itself.
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  t = await newApp(() => new Promise<never>(() => undefined), { worker: noWorker });
  ({ key } = await issueKey(t, { subject: "agent" }));
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

const begin = (label = "a", as = key) => start(t, as, "slow", { label, idempotencyKey });

const claim = (jobId: string) => t.mutation(internal.toolgate.jobs.claim, { jobId, worker: "w" });

const end = async (jobId: string, code?: string) => {
  await claim(jobId);
  const outcome =
    code === undefined
      ? { state: "succeeded" as const, result: JSON.stringify({ from: jobId }) }
      : { state: "failed" as const, code, message: "No." };
  await t.mutation(internal.toolgate.jobs.finish, { jobId, worker: "w", outcome });
};

/** A call that is over at once, since there is a job that has ended, or that may not be made. */
const again = async (label = "a"): Promise<ToolResult> => {
  const params = { name: "slow", arguments: { label, idempotencyKey } };
  const { result } = await reply(t, key, "tools/call", params, asTask);
  expect(result).toMatchObject({ resultType: "complete" });
  return result!;
};

const textOf = ({ content }: ToolResult) => content[0]!.text;

test("only digests of the key and of the arguments, and nothing beside the job's row", async () => {
  await begin("of some length");
  const { idempotency } = await theJob(t);
  expect(idempotency).toEqual({
    scope: JSON.stringify(["acme", "agent", "slow"]),
    key: expect.stringMatching(/^[\da-f]{64}$/),
    fingerprint: expect.stringMatching(/^[\da-f]{64}$/),
  });
  expect(JSON.stringify(await rows(t, "toolgateJobs"))).not.toContain(idempotencyKey);
  expect(await rows(t, "toolgateIdempotency")).toEqual([]);
});

test("nothing, where there was no key", async () => {
  expect(await start(t, key, "slow", { label: "a" })).not.toBe(
    await start(t, key, "slow", { label: "a" }),
  );
  for (const job of await rows(t, "toolgateJobs")) expect(job).not.toHaveProperty("idempotency");
});

test("after a failure the next call runs, and then it is the one that counts", async () => {
  const first = await begin();
  await end(first, "no_room");
  const second = await begin();
  expect(second).not.toBe(first);
  // Joined, not begun once more.
  expect(await begin()).toBe(second);
  expect(textOf(await again("b"))).toMatch(/^idempotency_mismatch: /);
  await end(second, "cancelled_elsewhere");
  const third = await begin();
  await end(third);
  for (let time = 0; time < 3; time++) {
    expect(await again()).toMatchObject({
      structuredContent: { from: third },
      _meta: { "toolgate/replayed": true },
    });
  }
  expect((await rows(t, "toolgateJobs")).map(({ jobId }) => jobId)).toEqual([first, second, third]);
});

test("a cancelled job makes way too, one that is unknown does not", async () => {
  const cancelled = await begin();
  await call(t, key, "jobs_cancel", { jobId: cancelled });
  const lost = await begin();
  await end(lost, "internal");
  expect((await jobOf(t, lost)).state).toBe("unknown");
  expect(textOf(await again())).toMatch(/^outcome_unknown: /);
  expect(await rows(t, "toolgateJobs")).toHaveLength(2);
});

test("other arguments are refused while it runs, when it has ended, and when it has failed", async () => {
  const jobId = await begin();
  expect(textOf(await again("b"))).toMatch(/^idempotency_mismatch: /);
  await end(jobId);
  expect(textOf(await again("b"))).toMatch(/^idempotency_mismatch: /);
  const { _id } = await theJob(t);
  await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { state: "failed" }));
  expect(textOf(await again("b"))).toMatch(/^idempotency_mismatch: /);
  expect(await rows(t, "toolgateJobs")).toHaveLength(1);
});

test("for 48 hours after its end, and not longer, swept or not", async () => {
  const first = await begin();
  await claim(first);
  pass(HOUR);
  await end(first);
  pass(JOB_KEPT_MS - 2);
  expect(await again()).toMatchObject({ structuredContent: { from: first } });
  expect(await t.mutation(internal.toolgate.jobs.sweep, {})).toMatchObject({ jobs: 0, results: 0 });
  pass(3);
  const second = await begin();
  expect(second).not.toBe(first);
  pass(1);
  expect(await t.mutation(internal.toolgate.jobs.sweep, {})).toMatchObject({ jobs: 1, results: 0 });
  expect(await begin()).toBe(second);
});

test("for this caller and this tool alone, by whichever of the caller's keys", async () => {
  const jobId = await begin();
  const second = await issueKey(t, { subject: "agent" });
  expect(await begin("a", second.key)).toBe(jobId);
  for (const other of [{ subject: "stranger" }, { subject: "agent", tenant: "globex" }]) {
    expect(await begin("a", (await issueKey(t, other)).key)).not.toBe(jobId);
  }
  expect(await start(t, key, "brief", { label: "a", idempotencyKey })).not.toBe(jobId);
  expect(await rows(t, "toolgateJobs")).toHaveLength(4);
});
