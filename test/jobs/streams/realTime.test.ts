/**
 * What a caller who stays hears of a long tool, over real sockets.
 *
 * @spec MCP 2025-11-25 basic/utilities/progress
 * @spec MCP 2026-07-28 basic/patterns/progress
 */
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey, rows } from "../../support/gate";
import { newGate, type Script } from "../../support/longApp";
import { call, open, progressOf, reply, responseOf, type Speech } from "../../support/streamClient";
import { eras, newSocket } from "./setup";

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

  test("the catalog says that a long tool may answer with a job", async () => {
    const { url, key } = await newSocket(async () => undefined);
    const { result } = await reply(url, key, "tools/list");
    const tools = result!.tools as { name: string }[];
    expect(tools.map(({ name }) => name)).toContain("jobs_get");
  });
});
