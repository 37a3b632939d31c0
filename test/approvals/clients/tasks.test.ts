/** What a client with tasks sees of a call that waits: a task that works until somebody decides. */
import { describe, expect, test } from "vitest";
import { asTask, reply, until } from "../../support/streamClient";
import { decide } from "../decisions";
import { shop } from "../freshShop";
import { bought, newest } from "../setup";
import { argsOf, decidedOn, settle } from "./newest";

describe("with tasks", () => {
  const start = async (name: string) => {
    const { t, key } = shop;
    const { result } = await reply(t, key, "tools/call", { name, arguments: argsOf(name) }, asTask);
    return result!;
  };
  const get = async (taskId: string) =>
    (await reply(shop.t, shop.key, "tasks/get", { taskId }, asTask)).result!;

  test.each(["buy", "slow", "look"])(
    "%s is a task that works until somebody decides",
    async (name) => {
      const created = await start(name);
      const { jobId, approval, createdAt } = await newest(shop.t);
      const { reason, until } = approval!;
      const waits = {
        ...{ taskId: jobId, status: "working", pollIntervalMs: 60_000 },
        ttlMs: until - createdAt + 48 * 3_600_000,
        statusMessage: `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}.`,
      };
      expect(created).toMatchObject({ resultType: "task", ...waits });
      const seen = await get(jobId);
      expect(seen).toMatchObject(waits);
      expect([seen.inputRequests, seen.result]).toEqual([undefined, undefined]);
    },
  );

  test("one that is denied, or that nobody decides on, has completed with what to tell the user", async () => {
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    const ends = [
      ["denied", "denied", 'A person denied this: "too dear". Nothing was done.'],
      ["expired", "approval_expired", "Nobody decided within 24 hours. Nothing was done."],
      ["failed", "no_longer_allowed", "The rights of this key changed. Nothing was done."],
    ] as const;
    for (const [state, code, message] of ends) {
      await settle(shop, { state, failure: { code, message } });
      const { status, result } = await get(taskId);
      expect([status, result]).toMatchObject([
        "completed",
        { isError: true, content: [{ text: `${code}: ${message}` }] },
      ]);
    }
  });

  test("one that was approved and ran says so with its result, and not who it was", async () => {
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    await settle(shop, {
      state: "succeeded",
      result: '{"paid":200}',
      ...(await decidedOn(shop, "approved", "ok")),
    });
    const seen = await get(taskId);
    expect(seen).toMatchObject({
      ...{ status: "completed", ttlMs: 48 * 3_600_000 },
      result: {
        structuredContent: { paid: 200 },
        _meta: { "toolgate/approved": "1970-01-01T00:00:01.000Z" },
      },
    });
    expect(JSON.stringify(seen)).not.toMatch(/Olga|ok"/);
  });

  test.each([
    ["buy", { structuredContent: { paid: 200 } }],
    ["slow", { structuredContent: { result: "did desk" } }],
    ["look", { structuredContent: { price: 10 } }],
  ])("%s: the task that somebody approves ends with the result", async (name, result) => {
    const { t, key } = shop;
    const { taskId } = (await start(name)) as unknown as { taskId: string };
    await decide(t, taskId, "approve");
    await until(async () => (await get(taskId)).status === "completed");
    const approved = { "toolgate/approved": expect.stringMatching(/^20.*Z$/) as string };
    expect(await get(taskId)).toMatchObject({ result: { ...result, _meta: approved } });
    await decide(t, taskId, "deny").then(
      () => expect.fail("decided twice"),
      (error: unknown) => {
        expect(String(error)).toContain("decided");
      },
    );
    expect((await reply(t, key, "tasks/get", { taskId }, asTask)).result?.status).toBe("completed");
  });

  test("tasks/cancel withdraws it: nothing was done", async () => {
    const { t, key } = shop;
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    await reply(t, key, "tasks/cancel", { taskId }, asTask);
    expect(await get(taskId)).toMatchObject({
      status: "cancelled",
      statusMessage: "The call was withdrawn before anyone decided. Nothing was done.",
    });
    expect(await bought(t)).toEqual([]);
  });
});
