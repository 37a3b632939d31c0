/** Removes what the audit log need not keep any longer. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { dueSeals, endOfKeeping } from "../../auth/dueSeals";
import { checkingKeys, sealingKey } from "../../auth/sealKeys";
import type { GateTx } from "../../data/database";
import type { Toolgate } from "../../registry/toolgate";
import { pruneSeal, type Outcome } from "./pruneSeal";
import { recordRemoval } from "./recordRemoval";

/** The most seals of a run, and the rows by which it ends. */
const SEALS = 100;
const ROWS = 500;

/** By how many bytes a run ends, before the next seal. With that one it stays below what Convex lets a mutation read. */
const BYTES = 3_000_000;

const rowsOf = (outcomes: readonly Outcome[]): number =>
  outcomes.reduce((sum, { removed }) => sum + removed, 0);

const isFull = (outcomes: readonly Outcome[]): boolean =>
  rowsOf(outcomes) >= ROWS || outcomes.reduce((sum, { bytes }) => sum + bytes, 0) >= BYTES;

/**
 * The definition of `pruneAudit`: removes the sealed rows that are older than the `audit.keepDays` of the app, in whole batches, some 500
 * rows a run, and runs itself again at once if there may be more. A row without a seal is never removed. Nor is one under a seal that was
 * changed or whose key is gone: such a seal is marked, and looked at again a week later. It writes an audit row that says what was
 * removed, which rows were not as sealed, and which seals it could not use. It throws if the environment has no usable key.
 *
 * @returns how many batches and rows are gone.
 */
export const pruneAudit = ({ dir, audit }: Pick<Toolgate, "dir" | "audit">) => ({
  args: {},
  returns: v.object({ seals: v.number(), rows: v.number() }),
  handler: async (tx: GateTx) => {
    const keepDays = audit?.keepDays;
    if (keepDays === undefined) return { seals: 0, rows: 0 };
    const now = Date.now();
    const before = endOfKeeping(keepDays, now);
    const by = { key: sealingKey(), keys: checkingKeys(), before, now };
    const due = await dueSeals(tx.db, by.keys, by, SEALS);
    const outcomes: Outcome[] = [];
    for (const seal of due) {
      outcomes.push(await pruneSeal(tx, by, seal));
      if (isFull(outcomes)) break;
    }
    await recordRemoval(tx, keepDays, outcomes);
    const again = makeFunctionReference<"mutation">(`${dir}/admin:pruneAudit`);
    if (due.length === SEALS || outcomes.length < due.length)
      await tx.scheduler.runAfter(0, again, {});
    const seals = outcomes.filter(({ became }) => became === "removed").length;
    return { seals, rows: rowsOf(outcomes) };
  },
});
