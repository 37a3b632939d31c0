/** Coming back with the same idempotency key: to the same job, or to its result. */
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { issueKey, rows, type Backend, withoutOperation } from "../../support/gate";
import { newApp, newGate, theJob } from "../../support/longApp";
import { call, notify, open, responseOf, start, until } from "../../support/streamClient";
import { newSocket, pause, stepping } from "./setup";

/** The job of the request with this id. */
const jobOfRequest = async (t: Backend, id: string | number) =>
  (await rows(t, "toolgateJobs")).find(({ requestId }) => requestId === JSON.stringify(id))!;

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
    const [one, two] = [first, second].map((stream) => withoutOperation(responseOf(stream)));
    expect(two).toEqual({ ...one, id: 2 });
    const job = await theJob(t);
    const calls = (await rows(t, "toolgateAudit")).filter(({ tool }) => tool === "slow");
    expect(calls.map(({ outcome }) => outcome)).toEqual(["started", "replayed", "succeeded"]);
    expect(calls.map(({ operation, original }) => original ?? operation)).toEqual(
      Array(3).fill(job.operation),
    );
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
      expect(await rows(t, "toolgateJobs")).toHaveLength(1);
      expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    },
  );

  test("the key may come in a header or in _meta", async () => {
    const { t, url, key } = await newSocket(async () => ({ made: 1 }));
    const headers = { "idempotency-key": idempotencyKey };
    const first = await call(url, key, "slow", {}, { headers });
    const second = await call(url, key, "slow", { idempotencyKey });
    expect(second.content).toEqual(first.content);
    expect(await rows(t, "toolgateJobs")).toHaveLength(1);
  });

  test("other arguments are refused, running or not; another caller's key is another key", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened);
    const stranger = await issueKey(t, { subject: "stranger" });
    const heard = await open(url, key, "slow", { idempotencyKey });
    const wrong = await call(url, key, "slow", { idempotencyKey, label: "other" });
    expect(wrong.content[0]!.text).toMatch(/^idempotency_mismatch: /);
    const other = await open(url, stranger.key, "slow", { idempotencyKey });
    expect(await rows(t, "toolgateJobs")).toHaveLength(2);
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
    expect(await rows(t, "toolgateJobs")).toHaveLength(1);
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
    expect((await rows(t, "toolgateJobs")).map(({ state }) => state).slice(0, 2)).toEqual([
      ...["failed", "cancelled"],
    ]);
    await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, { state: "unknown" }));
    await third.ended;
    const fourth = await call(url, key, "slow", { idempotencyKey });
    expect(fourth.content[0]!.text).toMatch(/^outcome_unknown: /);
    expect(await rows(t, "toolgateJobs")).toHaveLength(3);
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
