/** What a caller hears in silence and after minutes, by the test's clock. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { KEEP_ALIVE_MS } from "../../../src/wire/sse";
import { rows } from "../../support/gate";
import { newGate, theJob } from "../../support/longApp";
import { open, progressOf, responseOf, until } from "../../support/streamClient";
import { newSocket } from "./setup";

/** The clock of the beat, and nothing that sockets and polls depend on. */
const holdBeat = () => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });

describe("by the test's clock", () => {
  test("in silence: a comment and a growing number every 15 s", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(async (job) => {
      await job.progress(4, 10, "Halfway or so");
      await gate.opened;
      return "done";
    });
    holdBeat();
    const heard = await open(url, key, "slow", {}, { progressToken: 7 });
    await until(() => progressOf(heard).length === 1);
    for (const beats of [1, 2, 3]) {
      vi.advanceTimersByTime(KEEP_ALIVE_MS - 1);
      expect(heard.comments).toHaveLength(beats);
      vi.advanceTimersByTime(1);
      await until(
        () => heard.comments.length === beats + 1 && progressOf(heard).length === beats + 1,
      );
    }
    expect(heard.comments).toEqual(["open", "keep-alive", "keep-alive", "keep-alive"]);
    const counts = progressOf(heard).map(({ progress }) => progress as number);
    expect(counts[0]).toBe(4);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
    expect(counts.at(-1)).toBeLessThan(4.001);
    expect(progressOf(heard).every(({ total }) => total === 10)).toBe(true);
    gate.open();
    await heard.ended;
    expect(responseOf(heard).result!.structuredContent).toEqual({ result: "done" });
    vi.advanceTimersByTime(10 * KEEP_ALIVE_MS);
    expect(heard.comments).toHaveLength(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("the tool's next step is told after any number of beats", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(async (job) => {
      await job.progress(1);
      await gate.opened;
      await job.progress(2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return "done";
    });
    holdBeat();
    const heard = await open(url, key, "slow", {}, { progressToken: 7 });
    await until(() => progressOf(heard).length === 1);
    vi.advanceTimersByTime(20 * KEEP_ALIVE_MS);
    gate.open();
    await heard.ended;
    const counts = progressOf(heard).map(({ progress }) => progress as number);
    expect(counts).toHaveLength(22);
    expect(counts.at(-1)).toBe(2);
    expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  });

  test("a beat never says more than the total", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(async (job) => {
      await job.progress(10, 10);
      await gate.opened;
    });
    holdBeat();
    const heard = await open(url, key, "slow", {}, { progressToken: 7 });
    await until(() => progressOf(heard).length === 1);
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    await until(() => heard.comments.length === 2);
    gate.open();
    await heard.ended;
    const said = progressOf(heard).filter(({ total }) => total !== undefined);
    expect(said.every(({ progress }) => (progress as number) <= 10)).toBe(true);
  });

  test("a tool that counts in fractions is heard after a beat", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(async (job) => {
      await job.progress(0.1, 1);
      await gate.opened;
      await job.progress(0.2, 1);
      await new Promise((resolve) => setTimeout(resolve, 500));
    });
    holdBeat();
    const heard = await open(url, key, "slow", {}, { progressToken: 7 });
    await until(() => progressOf(heard).length === 1);
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    await until(() => heard.comments.length === 2);
    gate.open();
    await heard.ended;
    expect(progressOf(heard).map(({ progress }) => progress)).toContain(0.2);
  });

  test("beats go on when the tool has reached its total", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(async (job) => {
      await job.progress(10, 10);
      await gate.opened;
    });
    holdBeat();
    const heard = await open(url, key, "slow", {}, { progressToken: 7 });
    await until(() => progressOf(heard).length === 1);
    vi.advanceTimersByTime(3 * KEEP_ALIVE_MS);
    await until(() => heard.comments.length === 4);
    gate.open();
    await heard.ended;
    expect(progressOf(heard)).toHaveLength(4);
  });

  test("without a token there are comments only", async () => {
    const gate = newGate();
    const { url, key } = await newSocket(() => gate.opened);
    holdBeat();
    const heard = await open(url, key, "slow");
    await until(() => heard.comments.length === 1);
    vi.advanceTimersByTime(KEEP_ALIVE_MS);
    await until(() => heard.comments.length === 2);
    expect(heard.messages).toEqual([]);
    gate.open();
    await heard.ended;
    expect(heard.messages).toHaveLength(1);
  });

  test("a key that expires ends its stream too, and a JSON-only caller is told with a 401", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened);
    vi.useFakeTimers({ toFake: ["Date"] });
    const json = open(url, key, "slow", {}, { accept: "application/json" });
    await until(async () => (await rows(t, "toolgateJobs")).length === 1);
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("toolgateKeys").collect()) {
        await ctx.db.patch("toolgateKeys", _id, { expiresAt: Date.now() - 1 });
      }
    });
    const heard = await (await json).ended;
    expect(heard.status).toBe(401);
    expect(responseOf(heard).error!.code).toBe(401);
    gate.open();
  });

  test("a lost job is told as such, and only as such", async () => {
    const { t, url, key } = await newSocket(() => new Promise(() => undefined));
    const heard = await open(url, key, "slow");
    await until(async () => (await theJob(t)).state === "working");
    const { jobId, leaseUntil } = await theJob(t);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(leaseUntil + 1);
    await t.mutation(internal.toolgate.jobs.expire, { jobId });
    await heard.ended;
    expect(responseOf(heard).result).toMatchObject({
      ...{ isError: true, content: [{ text: expect.stringMatching(/^outcome_unknown: /) }] },
    });
  });
});
