/** Housekeeping, for a cron: forgets old results, and tells what became of calls whose action died. */
import { v } from "convex/values";
import type { GateTx } from "./dataModel";

/** Longer than an HTTP action can live on Convex (30 minutes). */
const LOST_AFTER_MS = 35 * 60 * 1000;

/** Rows per run and kind, so that a run stays far inside a transaction's limits. */
const BATCH = 500;

/** An action that has not said how it ended by now never will. Whether its effect took place, nobody knows. */
const markLost = async (tx: GateTx, before: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpAudit")
    .withIndex("by_outcome", (q) => q.eq("outcome", "started").lt("_creationTime", before))
    .take(BATCH);
  for (const { _id } of rows) {
    await tx.db.patch("mcpAudit", _id, { outcome: "unknown", settledAt: Date.now() });
  }
  return rows.length;
};

const markUnknown = async (tx: GateTx, before: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpIdempotency")
    .withIndex("by_state", (q) => q.eq("state", "in_progress").lt("_creationTime", before))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.patch("mcpIdempotency", _id, { state: "unknown" });
  return rows.length;
};

const forget = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("mcpIdempotency")
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete("mcpIdempotency", _id);
  return rows.length;
};

/** The definition of the internal mutation to run every few minutes: `internalMutation(sweeping)`. */
export const sweeping = {
  args: {},
  returns: v.object({ lost: v.number(), unknown: v.number(), forgotten: v.number() }),
  handler: async (tx: GateTx) => {
    const now = Date.now();
    return {
      lost: await markLost(tx, now - LOST_AFTER_MS),
      unknown: await markUnknown(tx, now - LOST_AFTER_MS),
      forgotten: await forget(tx, now),
    };
  },
};
