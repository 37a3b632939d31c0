/** How a stream of a long tool ends over real sockets, with and without its job: by time, by a revoked key, by a failure. */
import { ConvexError, v } from "convex/values";
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalQuery } from "../../../convex/_generated/server";
import { rows, type Backend } from "../../support/gate";
import { jobOf, newGate, theJob } from "../../support/longApp";
import { call, open, responseOf, until } from "../../support/streamClient";
import { eras, newSocket, running } from "./setup";

const revoke = (t: Backend, keyId: string) =>
  t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });

// They mostly wait, so they wait together.
describe.concurrent("in real time", () => {
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
});
