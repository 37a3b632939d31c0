/** A server whose audit log is counted. */
import { expect, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import type { Doc } from "../../../convex/_generated/dataModel";
import type { Backend } from "../../support/gate";

const { admin } = internal.toolgate;

export type Row = Partial<Doc<"toolgateAudit">>;

const HOUR = 60 * 60_000;

/** Tomorrow, on the hour: no row of a test is older. */
export const START = Math.ceil(Date.now() / HOUR) * HOUR + 24 * HOUR;

export const clock = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: START + ms });

/** Writes rows of the audit log, as they would be written now. */
export const log = (t: Backend, rows: readonly Row[]) =>
  t.run(async (ctx) => {
    for (const row of rows)
      await ctx.db.insert("toolgateAudit", {
        ...{ at: Date.now(), method: "tools/call", protocol: "2025-06-18" },
        ...{ outcome: "succeeded" as const },
        ...row,
      });
  });

/** Counts what there is to count, and returns how many rows that were. */
export const fold = async (t: Backend): Promise<number> => {
  let rows = 0;
  for (let run = 0; run < 1_000; run++) {
    const folded = await t.mutation(admin.foldStats, { follows: true });
    rows += folded.rows;
    if (!folded.hasMore) return rows;
  }
  expect.unreachable("it never ends");
};

export const overview = (t: Backend, span: "hour" | "day" | "week" = "hour") =>
  t.query(admin.overview, { span });

/** Outcome → how many, of all points of an overview. */
export const sums = ({ points }: Awaited<ReturnType<typeof overview>>) => {
  const all: Record<string, number> = {};
  for (const { calls } of points)
    for (const [outcome, count] of Object.entries(calls))
      all[outcome] = (all[outcome] ?? 0) + count;
  return all;
};
