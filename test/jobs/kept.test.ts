/** How long a job and its arguments are kept, and how they are swept. */
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import schema from "../../convex/schema";
import { JOB_KEPT_MS } from "../../src/data/jobState";
import { rows } from "../support/gate";
import { jobOf } from "../support/longApp";
import { call, start, until } from "../support/streamClient";
import { claim, finish, holdClock, pass, queued, renew } from "./setup";

test("the sweep stays inside a transaction's limits, and goes on until all is swept", async () => {
  const t = convexTest({
    ...{ schema, modules: import.meta.glob("../../convex/**/*.*s"), transactionLimits: true },
  });
  const result = "x".repeat(256 * 1024);
  for (let round = 0; round < 4; round++) {
    await t.run(async (ctx) => {
      for (let i = 0; i < 10; i++) {
        await ctx.db.insert("toolgateJobs", {
          ...{ jobId: `${round}-${i}`, tool: "slow", keyId: "k", subject: "s", tenant: "acme" },
          ...{ role: "admin", operation: "o", state: "succeeded" as const, result, watchers: 1 },
          ...{ cancelRequested: false, events: [], leaseUntil: 0, createdAt: 0 },
          ...{ updatedAt: 0, expiresAt: 1 },
        });
        await ctx.db.insert("toolgateIdempotency", {
          ...{ scope: "s", key: `${round}-${i}`, fingerprint: "f", result, expiresAt: 1 },
          operation: "o",
        });
      }
    });
  }
  const swept = await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(swept.jobs).toBeLessThan(40);
  await until(async () => (await rows(t, "toolgateJobs")).length === 0);
  expect(await rows(t, "toolgateIdempotency")).toEqual([]);
});

test("a job is kept for two days after its end, and swept then", async () => {
  holdClock();
  const { t, jobId } = await queued();
  await claim(t, jobId);
  pass(60 * 60 * 1000);
  await finish(t, jobId);
  const sweep = () => t.mutation(internal.toolgate.jobs.sweep, {});
  pass(JOB_KEPT_MS);
  expect(await sweep()).toMatchObject({ jobs: 0 });
  expect(await rows(t, "toolgateJobs")).toHaveLength(1);
  pass(1);
  expect(await sweep()).toMatchObject({ jobs: 1 });
  expect(await rows(t, "toolgateJobs")).toEqual([]);
});

test("a job that lost its watchdog too is unknown after two days, and kept for two more", async () => {
  holdClock();
  const { t, jobId } = await queued();
  await claim(t, jobId);
  pass(JOB_KEPT_MS + 2);
  await t.mutation(internal.toolgate.jobs.sweep, {});
  expect(await jobOf(t, jobId)).toMatchObject({
    ...{ state: "unknown", expiresAt: Date.now() + JOB_KEPT_MS },
  });
});

test("its arguments are forgotten once its worker is heard of, or when it has ended without one", async () => {
  const { t, jobId, key, cancel } = await queued();
  expect((await jobOf(t, jobId)).arguments).toBe("{}");
  await claim(t, jobId);
  await renew(t, jobId);
  expect(await jobOf(t, jobId)).not.toHaveProperty("arguments");
  await cancel();
  const other = await start(t, key);
  await call(t, key, "jobs_cancel", { jobId: other });
  expect(await jobOf(t, other)).toMatchObject({ state: "cancelled" });
  expect(await jobOf(t, other)).not.toHaveProperty("arguments");
});
