/** Housekeeping, for a cron: forgets results that need not be kept any longer, and leases that were not renewed. */
import { v } from "convex/values";
import type { GateTx } from "./dataModel";
import { isOver } from "./jobs/job";

/** Rows per run and kind, so that a run stays far inside a transaction's limits: a result may have 256 KiB. */
const BATCH = 30;

const forgetResults = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpIdempotency")
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete("mcpIdempotency", _id);
  return rows.length;
};

const forgetJobs = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpJobs")
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  const ended = rows.filter(isOver);
  for (const { _id } of ended) await tx.db.delete("mcpJobs", _id);
  return ended.length;
};

const freeStreams = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpStreams")
    .withIndex("by_leaseUntil", (q) => q.lt("leaseUntil", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete("mcpStreams", _id);
  return rows.length;
};

/** The definition of the internal mutation to run every few minutes: `internalMutation(sweeping)`. */
export const sweeping = {
  args: {},
  returns: v.object({ results: v.number(), jobs: v.number(), streams: v.number() }),
  handler: async (tx: GateTx) => {
    const now = Date.now();
    return {
      results: await forgetResults(tx, now),
      jobs: await forgetJobs(tx, now),
      streams: await freeStreams(tx, now),
    };
  },
};
