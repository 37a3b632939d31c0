/**
 * What a caller who stays hears of a long tool, over real sockets.
 *
 * @spec MCP 2025-11-25 basic/utilities/progress
 * @spec MCP 2026-07-28 basic/patterns/progress
 */
import { ConvexError, v } from "convex/values";
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalQuery } from "../../../convex/_generated/server";
import { issueKey, rows, type Backend } from "../../support/gate";
import { jobOf, newGate, theJob, type Script } from "../../support/longApp";
import {
  call,
  open,
  progressOf,
  reply,
  responseOf,
  until,
  type Speech,
} from "../../support/streamClient";
import { newSocket, running } from "./setup";

const eras: [string, Speech][] = [
  ["2025-11-25", { headers: { "mcp-protocol-version": "2025-11-25" } }],
  ["2026-07-28", { era: "modern" }],
];

/** Reports `counts`, each when the one before has surely been looked at. */
const counting =
  (counts: readonly number[]): Script =>
  async (job) => {
    for (const count of counts) {
      await job.progress(count, 10, `Step ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 350));
    }
    return { done: true };
  };

const revoke = (t: Backend, keyId: string) =>
  t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });

// They mostly wait, so they wait together.
describe.concurrent("in real time", () => {
  test.each(eras)("%s: progress, then one response, then the end", async (_version, speech) => {
    const { url, key } = await newSocket(counting([1, 2, 5]));
    const heard = await open(
      url,
      key,
      "slow",
      {},
      { ...speech, id: "call-1", progressToken: "tok" },
    );
    expect(heard.status).toBe(200);
    expect(heard.headers.get("content-type")).toBe("text/event-stream");
    expect(heard.headers.get("x-accel-buffering")).toBe("no");
    expect(heard.headers.get("cache-control")).toBe("no-store");
    expect(heard.headers.get("x-content-type-options")).toBe("nosniff");
    await heard.ended;
    expect(progressOf(heard)).toEqual(
      [1, 2, 5].map((n) => ({
        progressToken: "tok",
        progress: n,
        total: 10,
        message: `Step ${n}`,
      })),
    );
    const { id, result } = responseOf(heard);
    expect(id).toBe("call-1");
    expect(result!.structuredContent).toEqual({ done: true });
    expect(JSON.parse(result!.content[0]!.text)).toEqual({ done: true });
    expect(heard.comments).toEqual(["open"]);
  });

  test.each(eras)("%s: without a token no progress", async (_version, speech) => {
    const { url, key } = await newSocket(counting([1, 2]));
    const heard = await (await open(url, key, "slow", {}, speech)).ended;
    expect(heard.messages).toHaveLength(1);
    expect(responseOf(heard).result!.structuredContent).toEqual({ done: true });
  });

  test.each([0, "", 'a "token"\r\n\r\ndata: x'])(
    "the token %j comes back as it was",
    async (token) => {
      const { url, key } = await newSocket(counting([1]));
      const heard = await open(url, key, "slow", {}, { progressToken: token });
      await heard.ended;
      expect(progressOf(heard)).toMatchObject([{ progressToken: token, progress: 1 }]);
    },
  );

  test("a tool that goes back or stands still is not repeated: numbers only grow", async () => {
    const { url, key } = await newSocket(counting([2, 1, 2, 3]));
    const heard = await open(url, key, "slow", {}, { progressToken: 1 });
    await heard.ended;
    expect(progressOf(heard).map(({ progress }) => progress)).toEqual([2, 3]);
    responseOf(heard);
  });

  test("two streams hear only their own progress", async () => {
    const { url, key } = await newSocket(async (job, label) => {
      await job.progress(label === "a" ? 10 : 20);
      await new Promise((resolve) => setTimeout(resolve, 400));
      return label;
    });
    const streams = await Promise.all(
      ["a", "b"].map((label) =>
        open(url, key, "slow", { label }, { id: label, progressToken: `token of ${label}` }),
      ),
    );
    const [a, b] = await Promise.all(streams.map(({ ended }) => ended));
    expect(progressOf(a!)).toEqual([{ progressToken: "token of a", progress: 10 }]);
    expect(progressOf(b!)).toEqual([{ progressToken: "token of b", progress: 20 }]);
    expect([a!, b!].map(responseOf)).toMatchObject([
      { id: "a", result: { structuredContent: { result: "a" } } },
      { id: "b", result: { structuredContent: { result: "b" } } },
    ]);
  });

  test("a stream ends by itself with an answer that names the job and the tool that reads it", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(
      async (job) => {
        await job.progress(3, 10, "third step");
        await gate.opened;
        return { made: 3 };
      },
      { streamSeconds: 1 },
    );
    const before = Date.now();
    const heard = await (await open(url, key, "slow", {}, { progressToken: "t" })).ended;
    const took = Date.now() - before;
    expect(took).toBeGreaterThan(900);
    expect(took).toBeLessThan(1_600);
    const { jobId } = await theJob(t);
    const { result } = responseOf(heard);
    expect(result!.isError).toBeUndefined();
    expect(result!.structuredContent).toEqual(running(jobId));
    const { text } = result!.content[0]!;
    expect(text).toContain("Not finished yet (3 of 10, third step)");
    expect(text).toContain(`Call jobs_get with {"jobId":"${jobId}","waitSeconds":40} now`);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    // The job goes on, and that tool shows its result.
    gate.open();
    await until(async () => (await jobOf(t, jobId)).state === "succeeded");
    const { structuredContent } = await call(url, key, "jobs_get", { jobId });
    expect(structuredContent).toMatchObject({
      tool: "slow",
      state: "succeeded",
      result: { made: 3 },
    });
  });

  test("a tool with maxInline is answered with its job sooner, by stream and by JSON, in both eras", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened);
    const speeches: Speech[] = [
      {},
      { era: "modern" },
      { accept: "application/json" },
      { era: "modern", accept: "application/json" },
    ];
    const before = Date.now();
    const heard = await Promise.all(
      speeches.map(async (speech) => (await open(url, key, "brief", {}, speech)).ended),
    );
    expect(Date.now() - before).toBeLessThan(1_500);
    const ids = (await rows(t, "toolgateJobs")).map(({ jobId }) => jobId);
    for (const { status, ...rest } of heard) {
      expect(status).toBe(200);
      const { structuredContent } = responseOf(rest as (typeof heard)[0]).result!;
      expect(ids).toContain(structuredContent!.jobId);
      expect(structuredContent!.state).toBe("working");
    }
    expect(heard.map(({ headers }) => headers.get("content-type"))).toEqual([
      ...["text/event-stream", "text/event-stream", "application/json", "application/json"],
    ]);
    gate.open();
  });

  test("a role that may not read jobs is told of no tool that it lacks", async () => {
    const gate = newGate();
    const { t, url } = await newSocket(() => gate.opened);
    const { key } = await issueKey(t, { role: "warehouse" });
    const remove = ["jobs:read"];
    await t.mutation(internal.toolgate.admin.setRole, { name: "warehouse", remove });
    const { content, structuredContent } = await call(url, key, "brief");
    expect(structuredContent!.state).toBe("working");
    expect(content[0]!.text).toContain("Not finished yet");
    expect(content[0]!.text).not.toContain("jobs_get");
    gate.open();
  });

  test("a tool with maxInline that is quick gives its result", async () => {
    const { url, key } = await newSocket(async () => ({ quick: true }));
    expect((await call(url, key, "brief")).structuredContent).toEqual({ quick: true });
  });

  test("a client that takes no stream gets the result of what ends in time", async () => {
    const { url, key } = await newSocket(counting([1]));
    const heard = await (await open(url, key, "slow", {}, { accept: "application/json" })).ended;
    expect(heard.headers.get("content-type")).toBe("application/json");
    expect(responseOf(heard).result!.structuredContent).toEqual({ done: true });
  });

  test.each(eras)(
    "%s: revoking the key ends the stream, in-band; a job that reports nothing goes on",
    async (_v, speech) => {
      const gate = newGate();
      const { t, url, key, keyId } = await newSocket(async () => {
        await gate.opened;
        return "done";
      });
      const heard = await open(url, key, "slow", {}, { ...speech, id: 9 });
      await until(async () => (await theJob(t)).state === "working");
      const before = Date.now();
      await revoke(t, keyId);
      await heard.ended;
      expect(Date.now() - before).toBeLessThan(1_500);
      expect(heard.messages).toEqual([
        {
          ...{ jsonrpc: "2.0", id: 9 },
          error: { code: 401, message: "The API key was revoked or has expired" },
        },
      ]);
      expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
      expect((await theJob(t)).cancelRequested).toBe(false);
      gate.open();
      await until(async () => (await theJob(t)).state === "succeeded");
    },
  );

  test("a failing tool is an in-band result", async () => {
    const { url, key } = await newSocket(async (_job, label) => {
      if (label === "known")
        throw new ConvexError({ code: "too_late", message: "A\r\ndata: b\n\n" });
      throw new Error("secret");
    });
    const known = await (await open(url, key, "slow", { label: "known" })).ended;
    expect(known.messages).toHaveLength(1);
    expect(responseOf(known).result).toMatchObject({
      ...{ isError: true, content: [{ text: "too_late: A\r\ndata: b\n\n" }] },
    });
    const unknown = await (await open(url, key, "slow")).ended;
    expect(JSON.stringify(unknown.messages)).not.toContain("secret");
    expect(responseOf(unknown).result).toMatchObject({ isError: true });
    expect(console.error).toHaveBeenCalled();
  });

  test("a stream whose job is gone ends soon, and gives its place back", async () => {
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened, { streamSeconds: 3 });
    const heard = await open(url, key, "slow", {}, { id: 3, progressToken: 1 });
    await until(async () => (await theJob(t)).state === "working");
    await t.run(async (ctx) => {
      for (const { _id } of await ctx.db.query("toolgateJobs").collect()) {
        await ctx.db.delete("toolgateJobs", _id);
      }
    });
    const before = Date.now();
    await heard.ended;
    gate.open();
    expect(responseOf(heard).id).toBe(3);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    expect(Date.now() - before).toBeLessThan(2_000);
  });

  test("looks that fail now and then do not end a stream; five in a row do, and name the job", async () => {
    const { watch } = await import("../../../convex/toolgate/jobs");
    let isBroken = false;
    let looks = 0;
    const flaky = internalQuery({
      args: { jobId: v.string(), principal: v.any() },
      handler: async (ctx, args): Promise<unknown> => {
        if (isBroken || looks++ % 2 === 0) throw new Error("Too many concurrent requests");
        const real = watch as unknown as { _handler: (ctx: unknown, args: unknown) => unknown };
        return real._handler(ctx, args);
      },
    });
    const gate = newGate();
    const { t, url, key } = await newSocket(() => gate.opened, { jobs: { watch: flaky } });
    const heard = await open(url, key, "slow", {}, { progressToken: 1 });
    await until(() => looks > 3);
    expect(heard.messages).toEqual([]);
    isBroken = true;
    await heard.ended;
    const { jobId } = await theJob(t);
    expect(responseOf(heard).result!.structuredContent).toEqual(running(jobId));
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    gate.open();
  });

  test("the catalog says that a long tool may answer with a job", async () => {
    const { url, key } = await newSocket(async () => undefined);
    const { result } = await reply(url, key, "tools/list");
    const tools = result!.tools as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("jobs_get");
  });
});
