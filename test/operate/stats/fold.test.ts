/** What is counted of the audit log: each row once, whoever writes and counts meanwhile. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { foldStats } from "../../../src/operate/stats/fold";
import { app } from "../../../convex/toolgate/tools";
import { issueKey, rows, rpc } from "../../support/gate";
import { until } from "../../support/streamClient";
import { newCounted, rowsRead } from "../jobRows";
import { t } from "../setup";
import { clock, fold, log, overview, START, sums, type Row } from "./setup";

const { admin } = internal.toolgate;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("calls over HTTP are counted by their outcome, two minutes later, and write no row for it", async () => {
  clock(0);
  const { key } = await issueKey(t, { role: "viewer" });
  const call = (name: string) => rpc(t, key, "tools/call", { name, arguments: {} });
  for (const name of ["orders_list", "stock_adjust", "__proto__"]) await call(name);
  await rpc(t, `${key}x`, "ping");
  expect(await rows(t, "toolgateStats")).toEqual([]);
  clock(120_001);
  expect(await fold(t)).toBeGreaterThan(0);
  clock(130_000);
  await fold(t);
  const written = (await rows(t, "toolgateAudit")).filter(
    ({ protocol }) => protocol !== "operator",
  );
  const seen = await overview(t);
  const expected: Record<string, number> = {};
  for (const { outcome } of written) expected[outcome] = (expected[outcome] ?? 0) + 1;
  expect(sums(seen)).toEqual(expected);
  expect(seen.tools.find(({ tool }) => tool === "(other)")).toMatchObject({ calls: 1, denied: 1 });
  expect(seen.tools.find(({ tool }) => tool === "stock_adjust")).toMatchObject({
    calls: 1,
    denied: 1,
  });
  expect(seen.tools.find(({ tool }) => tool === "orders_list")).toMatchObject({
    calls: 1,
    denied: 0,
  });
});

const outcomes = ["answered", "succeeded", "failed", "denied", "started", "held"] as const;
const row: fc.Arbitrary<Row> = fc.record(
  {
    outcome: fc.constantFrom(...outcomes),
    tool: fc.constantFrom("orders_get", "orders_create", "constructor", "no such tool"),
    protocol: fc.constantFrom("2025-06-18", "job", "operator"),
  },
  { requiredKeys: ["outcome", "protocol"] },
);
const step = fc.oneof(
  fc.record({ rows: fc.array(row, { maxLength: 4 }) }),
  fc.record({ pass: fc.constantFrom(1, 119_999, 120_000, MINUTE, 7 * MINUTE) }),
  fc.record({ folds: fc.integer({ min: 1, max: 3 }) }),
);

test("whatever is written and counted in which order, each row is counted once, and none before it has settled", async () => {
  let now = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await t.run(async (ctx) => {
        for (const table of ["toolgateAudit", "toolgateStats", "toolgateStatsMark"] as const)
          for (const { _id } of await ctx.db.query(table).collect()) await ctx.db.delete(_id);
      });
      now += HOUR;
      for (const one of steps) {
        clock(now);
        if ("rows" in one) await log(t, one.rows);
        else if ("pass" in one) now += one.pass;
        else await Promise.all(Array.from({ length: one.folds }, () => fold(t)));
      }
      clock(now);
      await fold(t);
      const { foldedTo } = (await rows(t, "toolgateStatsMark"))[0]!;
      // convex-test lets a transaction begin a moment after what was written last.
      expect(Math.abs(START + now - 120_000 - foldedTo)).toBeLessThan(5);
      const calls = (await rows(t, "toolgateAudit"))
        .filter(({ _creationTime }) => _creationTime <= foldedTo)
        .filter(
          ({ protocol, outcome }) => protocol !== "operator" && !/started|held/.test(outcome),
        );
      const expected: Record<string, number> = {};
      for (const { outcome } of calls) expected[outcome] = (expected[outcome] ?? 0) + 1;
      for (const span of ["day", "week"] as const)
        expect(sums(await overview(t, span))).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

describe("a long log", () => {
  test("is counted by runs that follow each other, and a call meanwhile does nothing", async () => {
    clock(0);
    await log(t, Array<Row>(1_300).fill({ tool: "orders_get" }));
    clock(3 * MINUTE);
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ hasMore: true });
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ rows: 0, hasMore: true });
    await until(async () => sums(await overview(t)).succeeded === 1_300);
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ rows: 0, hasMore: false });
  });

  test("goes on if the run that was to follow never came", async () => {
    clock(0);
    await log(t, [{}]);
    await t.run((ctx) =>
      ctx.db.insert("toolgateStatsMark", { foldedTo: START - 1, goesOnAt: START + 2 * MINUTE }),
    );
    clock(3 * MINUTE - 1);
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ rows: 0 });
    clock(3 * MINUTE);
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ rows: 1 });
  });

  test("goes on after a clock was set back", async () => {
    clock(0);
    await log(t, [{}]);
    const mark = { foldedTo: START - 1, goesOnAt: START + HOUR };
    await t.run((ctx) => ctx.db.insert("toolgateStatsMark", mark));
    clock(3 * MINUTE);
    expect(await t.mutation(admin.foldStats, {})).toMatchObject({ rows: 1 });
  });

  test("that spans days is counted a few hours at a time", async () => {
    for (let hour = 0; hour < 9 * 24; hour++) {
      clock(hour * HOUR);
      await log(t, [{}, {}]);
    }
    const first = await t.mutation(admin.foldStats, {});
    expect(first).toMatchObject({ hasMore: true });
    expect(first.rows).toBeLessThanOrEqual(2 * 25);
    await fold(t);
    // The rows of the last hour have not settled.
    expect(sums(await overview(t, "day"))).toEqual({ succeeded: 46 });
    expect(sums(await overview(t, "week"))).toEqual({ succeeded: 334 });
  });

  test("costs a run as many rows as any, and the overview too", async () => {
    const counted = await newCounted();
    const read = async () => {
      const folding = (ctx: never) => foldStats(app).handler(ctx, { follows: true });
      return rowsRead(counted, folding);
    };
    clock(0);
    await log(counted, Array<Row>(1_000).fill({ tool: "orders_get" }));
    clock(3 * MINUTE);
    const few = await read();
    await fold(counted);
    for (let round = 0; round < 3; round++) await log(counted, Array<Row>(1_000).fill({}));
    clock(6 * MINUTE);
    expect(await read()).toBeLessThanOrEqual(few + 4);
    expect(few).toBeLessThanOrEqual(500 + 4);
  });
});

test("of many tools 64 are counted apart, the others as one, and none is lost", async () => {
  clock(0);
  const names = Array.from({ length: 80 }, (_, at) => `tool_${at}`);
  const tools = Object.fromEntries(names.map((name) => [name, app.tools.orders_get!]));
  const count = () => t.run((ctx) => foldStats({ ...app, tools }).handler(ctx, { follows: true }));
  for (const at of [0, 3 * MINUTE]) {
    clock(at);
    await log(
      t,
      names.map((tool) => ({ tool, outcome: "failed" })),
    );
    clock(at + 121_000);
    await count();
  }
  const shown = (await overview(t)).tools;
  expect(shown).toHaveLength(65);
  expect(shown.find(({ tool }) => tool === "(other)")).toMatchObject({ calls: 32, failed: 32 });
  expect(shown.find(({ tool }) => tool === "tool_0")).toMatchObject({ calls: 2, failed: 2 });
});

test("minutes are forgotten after three hours, and hours after eight days", async () => {
  clock(0);
  await log(t, [{}]);
  clock(3 * MINUTE);
  await fold(t);
  const grains = async () => (await rows(t, "toolgateStats")).map(({ grain }) => grain);
  expect(await grains()).toEqual(["minute", "hour"]);
  clock(3 * HOUR + MINUTE);
  await fold(t);
  expect(await grains()).toEqual(["hour"]);
  clock(8 * 24 * HOUR + 1);
  await fold(t);
  expect(await grains()).toEqual([]);
});

test("the sweep has the log counted once an hour, and never that of a deployment where nothing happens", async () => {
  const sweep = async () => {
    const scheduled = () => t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
    const before = (await scheduled()).length;
    await t.mutation(internal.toolgate.jobs.sweep, {});
    const names = (await scheduled()).slice(before).map(({ name }) => name);
    return names.filter((name) => !/:(seal|prune)Audit$/.test(name));
  };
  clock(0);
  expect(await sweep()).toEqual([]);
  await log(t, [{}]);
  expect(await sweep()).toEqual([]);
  clock(3 * MINUTE);
  expect(await sweep()).toEqual(["toolgate/admin:foldStats"]);
  await until(async () => (await rows(t, "toolgateStats")).length > 0);
  await log(t, [{}]);
  clock(30 * MINUTE);
  expect(await sweep()).toEqual([]);
  clock(64 * MINUTE);
  expect(await sweep()).toEqual(["toolgate/admin:foldStats"]);
});
