/** Removes the rows under one seal, or marks it as one whose rows stay. */
import type { Pepper } from "../../auth/pepper";
import { signMark } from "../../auth/signedSeals";
import type { GateTx } from "../../data/database";
import type { Meter } from "../../data/meter";
import type { Seal } from "../../data/seals";
import { compareRows, type RowFault } from "./compareRows";
import { inspect, type SealedRow } from "./seal";

/** The most bytes that are read for one seal. */
const BYTES = 8_000_000;

/** What became of a seal. It is `due` again where a mark kept it from retention without a reason. */
export interface Outcome {
  readonly seal: Seal;
  readonly became: "removed" | "due" | "changed" | "unchecked" | "unread";
  readonly removed: number;
  /** Rows that were not as sealed. */
  readonly faults: readonly RowFault[];
  readonly bytes: number;
}

type Result = Pick<Outcome, "became" | "removed" | "faults">;

const none = (became: Outcome["became"]): Result => ({ became, removed: 0, faults: [] });

/** Removes the rows that a seal names and that stand where it says. One that was put in has no seal, so it stays. */
const removeRows = async (
  tx: GateTx,
  seal: Seal,
  rows: readonly SealedRow[],
  meter: Meter,
): Promise<Result> => {
  const faults = await compareRows(tx.db, seal, rows, meter);
  if (faults.some(({ kind }) => kind === "unread")) return none("unread");
  const away = new Set(
    faults.filter(({ kind }) => kind === "missing" || kind === "moved").map(({ id }) => id),
  );
  const there = rows.filter(({ id }) => !away.has(id));
  for (const { id } of there) await tx.db.delete("toolgateAudit", id);
  return { became: "removed", removed: there.length, faults };
};

/** What retention works with. `key` signs, `keys` check; rows from `before` that time go. */
interface By {
  readonly key: Pepper;
  readonly keys: readonly Pepper[];
  readonly before: number;
  readonly now: number;
}

const tryToPrune = async (tx: GateTx, by: By, seal: Seal, meter: Meter): Promise<Result> => {
  const { condition, list } = await inspect(tx.db, by.keys, seal, meter);
  if (condition !== "good") return none(condition);
  if (list === null) return none("changed");
  if (seal.to >= by.before) return none("due");
  const result = await removeRows(tx, seal, list.rows, meter);
  if (result.became === "removed") await tx.db.delete("toolgateSealedRows", list._id);
  return result;
};

/**
 * Removes the rows under one seal. The seal stays, with a mark that only who holds a key can make. If the seal was changed, its key is gone,
 * or rows are too large to compare, nothing tells which rows may go: then they stay, and the mark says so.
 */
export const pruneSeal = async (tx: GateTx, by: By, seal: Seal): Promise<Outcome> => {
  const meter = { left: BYTES };
  const result = await tryToPrune(tx, by, seal, meter);
  const marks = {
    removed: async () => ({ removed: await signMark("removed", by.key, seal, by.now) }),
    due: () => Promise.resolve({ stays: undefined }),
    stays: async () => ({ stays: await signMark("stays", by.key, seal, by.now) }),
  };
  const { became } = result;
  const mark = became === "removed" || became === "due" ? became : "stays";
  await tx.db.patch("toolgateSeals", seal._id, await marks[mark]());
  return { seal, ...result, bytes: BYTES - meter.left };
};
