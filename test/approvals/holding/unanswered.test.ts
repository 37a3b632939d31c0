/** How a call ends on which nobody decides: its time is over, or it is withdrawn. */
import { beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { callTool } from "../../support/gate";
import { shop } from "../freshShop";
import { held, log, newest, waiting } from "../setup";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

test("one that waits too long expires, once, and may be asked for anew", async () => {
  const { t } = shop;
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const { jobId } = await held(shop, "always", { idempotencyKey: "one-that-waits" });
  await t.mutation(internal.toolgate.jobs.expire, { jobId });
  expect((await newest(t)).state).toBe("awaiting_approval");
  vi.setSystemTime(Date.now() + 24 * 3_600_000 + 10);
  await t.mutation(internal.toolgate.jobs.expire, { jobId });
  const job = await newest(t);
  expect(job).toMatchObject({
    ...{ state: "expired", failure: { code: "approval_expired" } },
    approval: { settledAt: expect.any(Number) as number },
  });
  expect(job.failure?.message).toContain("within 24 hours. Nothing was done.");
  expect(job.arguments).toBeUndefined();
  expect((await log(t)).at(-1)).toBe("job/end failed approval_expired");
  await held(shop, "always", { idempotencyKey: "one-that-waits" });
  vi.useRealTimers();
});

test("the sweep does not end one that waits for days, and ends one as expired whose watchdog was lost", async () => {
  const { t } = shop;
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const { jobId } = await held(shop, "always");
  vi.setSystemTime(Date.now() + 71 * 3_600_000);
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await newest(t)).toMatchObject({ jobId, state: "awaiting_approval" });
  vi.setSystemTime(Date.now() + 2 * 3_600_000);
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await newest(t)).toMatchObject({ jobId, state: "expired" });
  vi.useRealTimers();
});

test("one that is cancelled while it waits says that nothing was done", async () => {
  const { t, key } = shop;
  const { jobId } = await held(shop, "always");
  await callTool(t, key, "jobs_cancel", { jobId });
  expect(await newest(t)).toMatchObject({
    state: "cancelled",
    failure: { message: "The call was withdrawn before anyone decided. Nothing was done." },
  });
  expect(await waiting(t)).toEqual([]);
});
