/** Makes seals, and tells whether one and its rows are as they were made. */
import type { Pepper } from "../../auth/pepper";
import {
  conditionOf,
  conditionOfMark,
  signSeal,
  type Condition,
  type Made,
  type Mark,
} from "../../auth/signedSeals";
import { digest } from "../../base/digest";
import type { Doc, GateReader } from "../../data/database";
import { spend, type Meter } from "../../data/meter";
import { sealedRows, type Seal, type SealedRows } from "../../data/seals";

/** A row of the audit log, as a seal names it. */
export type SealedRow = SealedRows["rows"][number];

/** @returns the row's id and creation time, and the SHA-256 of all of it, both of these too. */
export const rowOf = async (row: Doc<"toolgateAudit">): Promise<SealedRow> => ({
  id: row._id,
  at: row._creationTime,
  digest: await digest(row),
});

/** Makes the seal over rows that follow those of the seal before. */
export const makeSeal = async (
  key: Pepper,
  last: Seal | null,
  rows: readonly SealedRow[],
  now: number,
): Promise<Made> => {
  const after = last?.to ?? 0;
  return signSeal(key, {
    ...{ seq: (last?.seq ?? 0) + 1, key: key.id, after, to: rows.at(-1)?.at ?? after },
    ...{ count: rows.length, digest: await digest(rows), previous: last?.mac ?? "", at: now },
  });
};

/** A seal as it was found: `list` is what it says of its rows, which is gone if they were removed. */
export interface Found {
  readonly condition: Condition;
  readonly list: SealedRows | null;
}

/**
 * Whether the seal is as it was made, and its rows are the ones that it named then, or were removed by somebody who holds a key. Of a seal
 * that is not good the rows are not read: there may be any number, of any size.
 */
export const inspect = async (
  db: GateReader,
  keys: readonly Pepper[],
  seal: Seal,
  meter: Meter,
): Promise<Found> => {
  const condition = await conditionOf(keys, seal);
  if (condition !== "good") return { condition, list: null };
  const list = await sealedRows(db, seal);
  if (list === null) return { condition: await conditionOfMark("removed", keys, seal), list };
  spend(meter, list);
  return { condition: (await digest(list.rows)) === seal.digest ? "good" : "changed", list };
};

/**
 * The marks of a seal that nobody who holds a key has made. They hide its rows from retention: for ever, or for a week.
 *
 * @param list - what it says of its rows, if the seal is good.
 */
export const wrongMarks = async (
  keys: readonly Pepper[],
  seal: Seal,
  list: SealedRows | null,
): Promise<Mark[]> => {
  const wrong: Mark[] = seal.removed !== undefined && list !== null ? ["removed"] : [];
  const isStaying = seal.stays !== undefined;
  if (isStaying && (await conditionOfMark("stays", keys, seal)) !== "good") wrong.push("stays");
  return wrong;
};
