/** What the overview shows: what was counted, and what is going on now. */
import { expect, test, vi } from "vitest";
import { overview as overviewOf } from "../../../src/operate/stats/overview";
import { issueKey } from "../../support/gate";
import { jobRow, newCounted, rowsRead } from "../jobRows";
import { revoke, rotate, t } from "../setup";
import { clock, fold, log, overview, START, type Row } from "./setup";

const MINUTE = 60_000;
const iso = (ms: number) => new Date(START + ms).toISOString();

test("of a deployment without calls it is whole, with zeros", async () => {
  clock(0);
  for (const [span, count, stepMs] of [
    ["hour", 60, MINUTE],
    ["day", 24, 60 * MINUTE],
    ["week", 168, 60 * MINUTE],
  ] as const) {
    const { points, ...seen } = await overview(t, span);
    expect(seen).toEqual({
      ...{ from: iso(-(count - 1) * stepMs), to: iso(0), stepMs, foldedTo: seen.from },
      ...{ tools: [], waits: {}, jobs: { running: 0 }, streams: { open: 0, budget: 24 } },
      ...{ approvals: { waiting: 0 }, keysEnding: [] },
    });
    expect(points).toHaveLength(count);
    expect(points.at(-1)).toEqual({ at: iso(0), calls: {} });
  }
});

test("each minute has its calls, and the tools that fail most come first", async () => {
  clock(0);
  await log(t, [{ tool: "orders_get" }, { tool: "orders_get" }, { outcome: "denied" }]);
  clock(2 * MINUTE);
  await log(t, [
    { tool: "orders_get", outcome: "failed" },
    { tool: "stock_adjust", outcome: "failed" },
    { tool: "customers_import", outcome: "started" },
  ]);
  clock(5 * MINUTE);
  await fold(t);
  const { points, tools, foldedTo } = await overview(t);
  expect(foldedTo).toBe(iso(3 * MINUTE));
  expect(points.filter(({ calls }) => Object.keys(calls).length > 0)).toEqual([
    { at: iso(0), calls: { succeeded: 2, denied: 1 } },
    { at: iso(2 * MINUTE), calls: { failed: 2 } },
  ]);
  const none = { denied: 0, failed: 0 };
  expect(tools).toEqual([
    { ...none, tool: "stock_adjust", calls: 1, failed: 1, lastAt: iso(2 * MINUTE) },
    { ...none, tool: "orders_get", calls: 3, failed: 1, lastAt: iso(2 * MINUTE) },
    { ...none, tool: "customers_import", calls: 0, lastAt: iso(2 * MINUTE) },
  ]);
});

test("tells times by what they are of: waits of all, own times of mutations, lengths of jobs", async () => {
  clock(0);
  const job = { tool: "customers_import", protocol: "job" };
  await log(t, [
    ...Array<Row>(100).fill({ tool: "orders_get", outcome: "answered", waitedMs: 20 }),
    ...Array<Row>(100).fill({ tool: "orders_create", ms: 8, waitedMs: 20 }),
    { tool: "customers_import", outcome: "started", waitedMs: 20 },
    { ...job, ms: 20_000 },
    { ...job, outcome: "failed", ms: 900_000 },
    { protocol: "operator", ms: 1e9, waitedMs: 1e9 },
  ]);
  clock(3 * MINUTE);
  await fold(t);
  const { tools, waits, jobs } = await overview(t);
  expect(waits).toEqual({ p50: 18, p95: 24 });
  expect(jobs).toEqual({ running: 0, p50: 30_000, p95: 600_000 });
  const [ofJob, ...others] = tools;
  expect(ofJob).toMatchObject({ tool: "customers_import", calls: 2, failed: 1, p50: 30_000 });
  expect(others.find(({ tool }) => tool === "orders_create")).toMatchObject({ p50: 8, p95: 10 });
  expect(others.find(({ tool }) => tool === "orders_get")).not.toHaveProperty("p50");
});

test("says what is going on: jobs, streams, waiting calls, and keys that end within 14 days", async () => {
  vi.stubEnv("TOOLGATE_STREAMS", "5");
  const soon = { expiresInDays: 13 };
  const [ending, revoked, rotated] = await Promise.all([1, 2, 3].map(() => issueKey(t, soon)));
  await revoke(revoked!.keyId);
  await rotate(rotated!.keyId, { expiresInDays: 90 });
  await issueKey(t, { expiresInDays: 15 });
  const at = Date.now() - 40 * MINUTE;
  await t.run(async (ctx) => {
    for (const state of ["queued", "working", "input_required", "failed"] as const)
      await ctx.db.insert("toolgateJobs", jobRow({ state }));
    for (const later of [0, 1])
      await ctx.db.insert(
        "toolgateJobs",
        jobRow({ state: "awaiting_approval", createdAt: at + later * MINUTE }),
      );
    const lease = { keyId: "k", tenant: "acme", listens: true, endsAt: 1e15 };
    for (const expiresAt of [1e15, 1e15, 5])
      await ctx.db.insert("toolgateStreamLeases", { ...lease, expiresAt });
  });
  expect(await overview(t)).toMatchObject({
    ...{ jobs: { running: 3 }, streams: { open: 2, budget: 5 } },
    approvals: { waiting: 2, oldestAt: new Date(at).toISOString() },
    keysEnding: [{ keyId: ending!.keyId, name: "test key", expiresAt: ending!.expiresAt }],
  });
  vi.unstubAllEnvs();
});

test("it reads as many rows when there were many calls as when there were few, and long jobs do not break it", async () => {
  const counted = await newCounted();
  const read = () => rowsRead(counted, (ctx) => overviewOf.handler(ctx, { span: "week" }));
  const seed = (count: number) =>
    counted.run(async (ctx) => {
      for (let at = 0; at < count; at++) {
        await ctx.db.insert("toolgateJobs", jobRow({ state: at % 2 ? "working" : "failed" }));
        await ctx.db.insert("toolgateAudit", {
          ...{ at, method: "ping", outcome: "answered", protocol: "p" },
        });
      }
    });
  await seed(300);
  const few = await read();
  await seed(700);
  expect(await read()).toBe(few);
  const long = "x".repeat(900 * 1024);
  for (let job = 0; job < 20; job++)
    await counted.run(async (ctx) => {
      await ctx.db.insert("toolgateJobs", jobRow({ state: "queued", arguments: long }));
    });
  expect((await overview(counted)).jobs.running).toBeGreaterThan(100 - 1);
});
