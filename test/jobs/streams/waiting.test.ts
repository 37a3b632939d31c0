/** `jobs_get` waits for a job as long as it is asked to, and holds a place meanwhile. */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { v } from "convex/values";
import { internalQuery } from "../../../convex/_generated/server";
import { issueKey, rows, withoutOperation, type Backend } from "../../support/gate";
import { newApp, newGate, theJob, type Options } from "../../support/longApp";
import {
  open,
  progressOf,
  reply,
  responseOf,
  start,
  type Speech,
} from "../../support/streamClient";
import { KEEP_ALIVE_MS } from "../../../src/wire/sse";
import { holdTime, pass, passUntil, timed } from "./moved";

beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A job that reports a step at once, then waits for the gate, and whoever may read it. */
const begun = async (options?: Options) => {
  holdTime();
  const gate = newGate();
  const t = await newApp(async (job) => {
    await job.progress(3, 10, "third step");
    await gate.opened;
    return { made: 3 };
  }, options);
  const { key, keyId } = await issueKey(t);
  const jobId = await start(t, key);
  await passUntil(working(t), 5);
  return { t, key, keyId, jobId, gate };
};

const working = async (t: Backend): Promise<void> => {
  while ((await theJob(t)).progress === undefined)
    await new Promise((resolve) => setTimeout(resolve, 100));
};

const speeches: [string, Speech][] = [
  ["2025, stream", {}],
  ["2025, JSON", { accept: "application/json" }],
  ["2026, stream", { era: "modern" }],
  ["2026, JSON", { era: "modern", accept: "application/json" }],
  ["2026, a client that declares tasks", { era: "modern", tasks: true }],
];

const wait = (t: Backend, key: string, jobId: string, waitSeconds: unknown, speech: Speech = {}) =>
  timed(t, key, "jobs_get", { jobId, waitSeconds }, speech);

test.each(speeches)(
  "%s: it waits its time, or until the job ends, and gives its place back",
  async (_what, speech) => {
    const { t, key, jobId, gate } = await begun();
    const whole = await passUntil(wait(t, key, jobId, 40, speech), 60);
    expect(whole.seconds).toBeGreaterThanOrEqual(40);
    expect(whole.seconds).toBeLessThan(43);
    expect(whole.result.structuredContent).toMatchObject({ jobId, state: "working" });
    const isStream = speech.accept === undefined;
    expect(whole.heard.headers.get("content-type")).toBe(
      isStream ? "text/event-stream" : "application/json",
    );
    expect(whole.heard.comments).toHaveLength(
      isStream ? 1 + Math.floor(40_000 / KEEP_ALIVE_MS) : 0,
    );
    const some = wait(t, key, jobId, 30, speech);
    await pass(10);
    expect(await rows(t, "toolgateStreamLeases")).toMatchObject([{ listens: false }]);
    gate.open();
    const { seconds, result } = await passUntil(some, 10);
    expect(seconds).toBeLessThan(16);
    expect(result.structuredContent).toMatchObject({ state: "succeeded", result: { made: 3 } });
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    // From then on there is nothing to wait for.
    expect((await passUntil(wait(t, key, jobId, 40, speech), 5)).seconds).toBeLessThan(2);
  },
);

test("who asks for progress hears it, and signs of life", async () => {
  const { t, key, jobId, gate } = await begun();
  const { heard } = await passUntil(wait(t, key, jobId, 40, { progressToken: "p" }), 60);
  const [first, ...more] = progressOf(heard);
  expect(first).toEqual({ progressToken: "p", progress: 3, total: 10, message: "third step" });
  expect(more).toHaveLength(2);
  gate.open();
});

test("without a place it answers at once, and it leaves none for others meanwhile", async () => {
  vi.stubEnv("TOOLGATE_STREAMS_PER_KEY", "1");
  const { t, key, jobId, gate } = await begun();
  const first = wait(t, key, jobId, 40);
  await pass(2);
  expect((await open(t, key, "slow")).status).toBe(429);
  const second = await passUntil(wait(t, key, jobId, 40), 5);
  expect(second.seconds).toBeLessThan(2);
  expect(second.result.structuredContent).toMatchObject({ state: "working" });
  expect(await rows(t, "toolgateStreamLeases")).toHaveLength(1);
  gate.open();
  await passUntil(first, 10);
});

test.each(["legacy", "modern"] as const)(
  "%s: to leave cancels nothing, and gives the place back",
  async (era) => {
    const { t, key, jobId, gate } = await begun();
    const leaving = new AbortController();
    const heard = open(
      t,
      key,
      "jobs_get",
      { jobId, waitSeconds: 40 },
      { era, signal: leaving.signal },
    );
    heard.catch(() => undefined);
    await pass(5);
    expect(await rows(t, "toolgateStreamLeases")).toHaveLength(1);
    leaving.abort();
    await pass(4);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    expect(await theJob(t)).toMatchObject({ state: "working", cancelRequested: false });
    gate.open();
  },
);

test.each([41, -1, 1.5, 1e9])(
  "waitSeconds %j is refused at once, and the answer says what is right",
  async (bad) => {
    const { t, key, jobId, gate } = await begun();
    const { seconds, result } = await passUntil(wait(t, key, jobId, bad), 5);
    expect(seconds).toBeLessThan(2);
    expect(result.isError).toBe(true);
    expect(result.content[0]!.text).toBe(
      "invalid_arguments: waitSeconds: expected an integer from 0 to 40",
    );
    gate.open();
  },
);

test.each(["soon", null, "30", 0])("waitSeconds %j does not wait", async (odd) => {
  const { t, key, jobId, gate } = await begun();
  const { seconds, result } = await passUntil(wait(t, key, jobId, odd), 5);
  expect(seconds).toBeLessThan(2);
  if (odd === "soon") expect(result.content[0]!.text).toMatch(/^invalid_arguments: waitSeconds: /);
  else expect(result.structuredContent).toMatchObject({ state: "working" });
  gate.open();
});

test("a stranger's job is like one that never was: neither is waited for", async () => {
  const { t, jobId, gate } = await begun();
  const { key } = await issueKey(t, { subject: "stranger" });
  const ask = (id: string) =>
    reply(t, key, "tools/call", { name: "jobs_get", arguments: { jobId: id, waitSeconds: 40 } });
  const before = Date.now();
  const both = await passUntil(Promise.all([ask(jobId), ask(crypto.randomUUID())]), 5);
  expect(Date.now() - before).toBeLessThan(3_000);
  expect(withoutOperation(both[0])).toEqual(withoutOperation(both[1]));
  expect(both[0].result!.content[0]!.text).toBe("not_found: No such job.");
  gate.open();
});

/** What happens meanwhile → what the answer is then. */
const meanwhile: [string, (app: Awaited<ReturnType<typeof begun>>) => Promise<unknown>, object][] =
  [
    [
      "the job asks",
      async ({ t }) => {
        const { _id } = await theJob(t);
        await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { state: "input_required" }));
      },
      { structuredContent: { state: "input_required" } },
    ],
    [
      "the operator stops what writes",
      async () => vi.stubEnv("TOOLGATE_STOP", "writes"),
      { structuredContent: { state: "working" } },
    ],
    [
      "the job is gone",
      async ({ t }) => {
        const { _id } = await theJob(t);
        await t.run((ctx) => ctx.db.delete("toolgateJobs", _id));
      },
      { isError: true },
    ],
    [
      "its worker dies",
      async ({ t }) => {
        const { _id } = await theJob(t);
        await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { leaseUntil: Date.now() }));
      },
      { structuredContent: { state: "unknown" } },
    ],
  ];

test.each(meanwhile)(
  "%s meanwhile: it answers at its next look",
  async (_what, happens, answer) => {
    const app = await begun();
    const waiting = wait(app.t, app.key, app.jobId, 40);
    await pass(5);
    await happens(app);
    const { seconds, result } = await passUntil(waiting, 10);
    expect(seconds).toBeLessThan(12);
    expect(result).toMatchObject(answer);
    app.gate.open();
  },
);

test("a key that is revoked meanwhile learns nothing more", async () => {
  const { t, key, jobId, gate } = await begun();
  const heard = await open(t, key, "jobs_get", { jobId, waitSeconds: 40 });
  await pass(5);
  await t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("toolgateKeys").collect())
      await ctx.db.patch("toolgateKeys", _id, { revokedAt: Date.now() });
  });
  await passUntil(heard.ended, 10);
  expect(responseOf(heard).error).toMatchObject({ code: 401 });
  gate.open();
});

test("a wait of 40 s is 20 looks and one audit row", async () => {
  const { watch } = await import("../../../convex/toolgate/jobs");
  let looks = 0;
  const counted = internalQuery({
    args: { jobId: v.string(), principal: v.any() },
    handler: async (ctx, args): Promise<unknown> => {
      looks++;
      const real = watch as unknown as { _handler: (ctx: unknown, args: unknown) => unknown };
      return real._handler(ctx, args);
    },
  });
  const { t, key, jobId, gate } = await begun({ jobs: { watch: counted } });
  looks = 0;
  await passUntil(wait(t, key, jobId, 40), 60);
  expect(looks).toBeLessThanOrEqual(20);
  const calls = (await rows(t, "toolgateAudit")).filter(({ tool }) => tool === "jobs_get");
  expect(calls).toHaveLength(1);
  gate.open();
});
