/** Removes what the audit log need not keep any longer. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import type { Pepper } from "../../auth/pepper";
import { checkingKeys, sealingKey } from "../../auth/sealKeys";
import { signRemoval } from "../../auth/signedSeals";
import { defined } from "../../base/defined";
import { recordChange } from "../../data/audit";
import type { GateTx } from "../../data/database";
import type { Meter } from "../../data/meter";
import { dueForRemoval, type Seal } from "../../data/seals";
import type { Toolgate } from "../../registry/toolgate";
import { compareRows, type RowFault } from "./compareRows";
import { iso } from "./faults";
import { inspect, type SealedRow } from "./seal";

/** The most seals of a run. With rows of 8 KB each, it reads 8 MB. */
const SEALS = 5;

/** The most bytes that are read for one seal. A run reads 14 MB at most, unless rows are larger than the log writes any. */
const BYTES = 8_000_000;

/** What became of the rows under one seal. */
interface Pruned {
  readonly seal: Seal;
  readonly removed: number;
  /** How many rows were not as sealed, by kind; undefined if all were. */
  readonly damage?: Readonly<Record<string, number>> | undefined;
}

const countsOf = (faults: readonly RowFault[]): Pruned["damage"] => {
  const kinds = faults.map(({ kind }) => kind);
  const counts = [...new Set(kinds)].map((kind) => [
    kind,
    kinds.filter((one) => one === kind).length,
  ]);
  return counts.length === 0 ? undefined : (Object.fromEntries(counts) as Pruned["damage"]);
};

/**
 * Removes the rows that a seal names and that stand where it says. One that was put in has no seal, so it stays.
 *
 * @returns undefined if they cannot all be compared: then none is removed.
 */
const removeRows = async (
  tx: GateTx,
  seal: Seal,
  rows: readonly SealedRow[],
  meter: Meter,
): Promise<Pick<Pruned, "removed" | "damage"> | undefined> => {
  const faults = await compareRows(tx.db, seal, rows, meter);
  if (faults.some(({ kind }) => kind === "unread")) return undefined;
  const away = new Set(
    faults.filter(({ kind }) => kind === "missing" || kind === "moved").map(({ id }) => id),
  );
  const there = rows.filter(({ id }) => !away.has(id));
  for (const { id } of there) await tx.db.delete("toolgateAudit", id);
  return { removed: there.length, damage: countsOf(faults) };
};

/**
 * Removes the rows under one seal. The seal stays, with a mark that only who holds a key can make.
 *
 * @returns undefined if the seal was changed: nothing tells which rows it may remove, so they stay.
 * @throws Error if the environment does not hold the seal's key
 */
const pruneSeal = async (tx: GateTx, key: Pepper, seal: Seal): Promise<Pruned | undefined> => {
  const meter = { left: BYTES };
  const { condition, list } = await inspect(tx.db, checkingKeys(), seal, meter);
  if (condition === "unchecked")
    throw new Error(
      `Retention waits: TOOLGATE_SEAL_KEYS does not hold ${seal.key}, the key of old seals`,
    );
  const isGood = list !== null && condition === "good";
  const gone = isGood ? await removeRows(tx, seal, list.rows, meter) : undefined;
  if (!isGood || gone === undefined) {
    await tx.db.patch("toolgateSeals", seal._id, { stays: true });
    return undefined;
  }
  await tx.db.delete("toolgateSealedRows", list._id);
  const removed = await signRemoval(key, seal, Date.now());
  await tx.db.patch("toolgateSeals", seal._id, { removed });
  return { seal, ...gone };
};

const rangeOf = (seals: readonly Seal[]) => {
  const [first, last] = [seals[0], seals.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    seals: `${String(first.seq)} to ${String(last.seq)}`,
    ...(first.after === 0 ? {} : { from: iso(first.after) }),
    to: iso(last.to),
  };
};

/** Writes the row that says what was removed. It is sealed like any other. */
const recordRemoval = async (
  tx: GateTx,
  keepDays: number,
  pruned: readonly Pruned[],
  stays: readonly number[],
): Promise<number> => {
  const rows = pruned.reduce((sum, { removed }) => sum + removed, 0);
  const damaged = pruned.flatMap(({ seal, damage }) =>
    damage === undefined ? [] : [{ seal: seal.seq, ...damage }],
  );
  const about = defined({
    damaged: damaged.length === 0 ? undefined : damaged,
    stays: stays.length === 0 ? undefined : stays,
  });
  const args = { keepDays, rows, ...rangeOf(pruned.map(({ seal }) => seal)), ...about };
  await recordChange(tx, { method: "audit/prune", args });
  return rows;
};

/**
 * The definition of `pruneAudit`: removes the sealed rows that are older than the `audit.keepDays` of the app, in whole batches, at most 500
 * rows a run, and runs itself again at once if there may be more. A row without a seal is never removed, nor is one under a seal that was
 * changed. It writes an audit row that says what was removed, and which rows were not as sealed. It throws if a key is missing.
 *
 * @returns how many batches and rows are gone.
 */
export const pruneAudit = ({ dir, audit }: Pick<Toolgate, "dir" | "audit">) => ({
  args: {},
  returns: v.object({ seals: v.number(), rows: v.number() }),
  handler: async (tx: GateTx) => {
    const keepDays = audit?.keepDays;
    const due = await dueForRemoval(tx.db, keepDays, Date.now(), SEALS);
    if (keepDays === undefined || due.length === 0) return { seals: 0, rows: 0 };
    const key = sealingKey();
    const pruned: Pruned[] = [];
    const stays: number[] = [];
    for (const seal of due) {
      const done = await pruneSeal(tx, key, seal);
      if (done === undefined) stays.push(seal.seq);
      else pruned.push(done);
    }
    const rows = await recordRemoval(tx, keepDays, pruned, stays);
    const again = makeFunctionReference<"mutation">(`${dir}/admin:pruneAudit`);
    if (due.length === SEALS) await tx.scheduler.runAfter(0, again, {});
    return { seals: pruned.length, rows };
  },
});
