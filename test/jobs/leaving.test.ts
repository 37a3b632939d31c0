/** Leaving and coming back: who closes, who cancels, and what is still there afterwards. */
import { ConvexError } from "convex/values";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { issueKey, rows, type Backend } from "../support/gate";
import {
  jobOf,
  newApp,
  newGate,
  noWorker,
  serve,
  theJob,
  type Gate,
  type Script,
} from "../support/longApp";
import {
  ask,
  call,
  notify,
  open,
  reply,
  responseOf,
  start,
  until,
  type Speech,
} from "../support/streamClient";

const closers: (() => Promise<void>)[] = [];

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all(closers.map((close) => close()));
});

const newSocket = async (script: Script) => {
  const t = await newApp(script);
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const { url, close } = await serve(t);
  closers.push(close);
  return { t, key, keyId, url };
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Steps every tenth of a second until the gate opens or the job is cancelled. */
const stepping =
  (gate: Gate, steps: number[] = []): Script =>
  async (job) => {
    const opened = gate.opened.then(() => "opened");
    for (let stop: unknown; stop === undefined; stop = await Promise.race([opened, pause(100)])) {
      await job.progress(steps.length);
      steps.push(Date.now());
    }
    return { made: "all of it", list: [1, 2, 3] };
  };

const stateOf = async (t: Backend, jobId: string) => (await jobOf(t, jobId)).state;

/** The job of the request with this id. */
const jobOfRequest = async (t: Backend, id: string | number) =>
  (await rows(t, "mcpJobs")).find(({ requestId }) => requestId === JSON.stringify(id))!;

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
    const operation = (await rows(t, "mcpAudit")).find(({ _id }) => _id === job.operation);
    expect(operation).toMatchObject({ outcome: "cancelled", settledAt: job.updatedAt });
    expect(await rows(t, "mcpStreams")).toEqual([]);
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
    await until(async () => (await rows(t, "mcpStreams")).length === 0);
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
    await until(async () => (await rows(t, "mcpJobs")).every(({ state }) => state === "working"));
    await notify(url, key, "notifications/cancelled", { requestId: 1 });
    await pause(250);
    const jobs = await rows(t, "mcpJobs");
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
    expect((await rows(t, "mcpJobs")).map(({ state }) => state)).toEqual([
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
        await ctx.db.insert("mcpJobs", { ...row, jobId: String(i), state: "succeeded" });
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
    await until(async () => (await rows(t, "mcpJobs")).every(({ state }) => state === "working"));
    // Outside of any session it is nobody's.
    await notify(url, key, "notifications/cancelled", { requestId: 1 });
    await pause(200);
    expect((await rows(t, "mcpJobs")).some(({ cancelRequested }) => cancelRequested)).toBe(false);
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

const idempotencyKey = "import-of-25-November";

describe.concurrent("coming back with the same idempotency key", () => {
  test("joins the running job from a second connection, and both hear the same result", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const speech = { progressToken: 1 };
    const first = await open(url, key, "slow", { idempotencyKey }, speech);
    await until(async () => (await theJob(t)).state === "working");
    const second = await open(url, key, "slow", { idempotencyKey }, { ...speech, id: 2 });
    await until(() => second.messages.length > 0);
    gate.open();
    await Promise.all([first.ended, second.ended]);
    expect(responseOf(second)).toEqual({ ...responseOf(first), id: 2 });
    const job = await theJob(t);
    const calls = (await rows(t, "mcpAudit")).filter(({ tool }) => tool === "slow");
    expect(calls.map(({ outcome }) => outcome)).toEqual(["succeeded", "replayed"]);
    expect(calls[0]!._id).toBe(job.operation);
  });

  test.each(["legacy", "modern"] as const)(
    "%s: a client that left a legacy call gets the stored result later, byte for byte",
    async (era) => {
      const gate = newGate();
      const { t, url, key } = await newSocket(stepping(gate));
      const leaving = new AbortController();
      await open(url, key, "slow", { idempotencyKey }, { signal: leaving.signal });
      leaving.abort();
      gate.open();
      await until(async () => (await theJob(t)).state === "succeeded");
      const { jobId, result } = await theJob(t);
      const later = await call(url, key, "slow", { idempotencyKey }, { era });
      expect(later.content).toEqual([{ type: "text", text: result }]);
      expect(later._meta).toMatchObject({ "toolgate/replayed": true });
      // As does the tool that reads jobs, for whoever has its id.
      const { structuredContent } = await call(url, key, "jobs_get", { jobId }, { era });
      expect(JSON.stringify(structuredContent!.result)).toBe(result);
      expect(await rows(t, "mcpJobs")).toHaveLength(1);
      expect(await rows(t, "mcpStreams")).toEqual([]);
    },
  );

  test("the key may come in a header or in _meta", async () => {
    const { t, url, key } = await newSocket(async () => ({ made: 1 }));
    const headers = { "idempotency-key": idempotencyKey };
    const first = await call(url, key, "slow", {}, { headers });
    const second = await call(url, key, "slow", { idempotencyKey });
    expect(second.content).toEqual(first.content);
    expect(await rows(t, "mcpJobs")).toHaveLength(1);
  });

  test("other arguments are refused, running or not; another caller's key is another key", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened);
    const stranger = await issueKey(t, { subject: "stranger" });
    const heard = await open(url, key, "slow", { idempotencyKey });
    const wrong = await call(url, key, "slow", { idempotencyKey, label: "other" });
    expect(wrong.content[0]!.text).toMatch(/^idempotency_mismatch: /);
    const other = await open(url, stranger.key, "slow", { idempotencyKey });
    expect(await rows(t, "mcpJobs")).toHaveLength(2);
    gate.open();
    await Promise.all([heard.ended, other.ended]);
  });

  test("40 at once with one key are one job", async () => {
    const gate = newGate();
    const t = await newApp(() => gate.opened);
    const { key } = await issueKey(t);
    const ids = await Promise.all(
      Array.from({ length: 40 }, () => start(t, key, "slow", { idempotencyKey })),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await rows(t, "mcpJobs")).toHaveLength(1);
    gate.open();
  });

  test("what failed or was cancelled runs again, what is unknown does not", async () => {
    let runs = 0;
    const gate = newGate();
    const { t, url, key } = await newSocket(async (job, label) => {
      runs++;
      if (runs === 1) throw new ConvexError({ code: "full", message: "No room." });
      return stepping(gate)(job, label);
    });
    expect((await call(url, key, "slow", { idempotencyKey })).isError).toBe(true);
    const second = await open(url, key, "slow", { idempotencyKey }, { id: "second" });
    await until(async () => (await jobOfRequest(t, "second")).state === "working");
    await notify(url, key, "notifications/cancelled", { requestId: "second" });
    await second.ended;
    const third = await open(url, key, "slow", { idempotencyKey }, { id: "third" });
    const { _id } = await jobOfRequest(t, "third");
    expect((await rows(t, "mcpJobs")).map(({ state }) => state).slice(0, 2)).toEqual([
      ...["failed", "cancelled"],
    ]);
    await t.run((ctx) => ctx.db.patch("mcpJobs", _id, { state: "unknown" }));
    await third.ended;
    const fourth = await call(url, key, "slow", { idempotencyKey });
    expect(fourth.content[0]!.text).toMatch(/^outcome_unknown: /);
    expect(await rows(t, "mcpJobs")).toHaveLength(3);
    gate.open();
  });

  test("leaving cancels nothing once another connection has joined the job", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(stepping(gate));
    const leaving = new AbortController();
    const speech = { era: "modern" } as const;
    await open(url, key, "slow", { idempotencyKey }, { ...speech, signal: leaving.signal });
    const back = await open(url, key, "slow", { idempotencyKey }, speech);
    leaving.abort();
    await pause(800);
    gate.open();
    await back.ended;
    expect((await theJob(t)).state).toBe("succeeded");
  });
});

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
        expect(foreign).toEqual(missing);
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
    const operation = (await rows(t, "mcpAudit")).find(({ _id }) => _id === job.operation);
    expect(operation).toMatchObject({ outcome: "cancelled", settledAt: job.updatedAt });
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
    const { cancellation } = await import("../../src/jobs/handle");
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
