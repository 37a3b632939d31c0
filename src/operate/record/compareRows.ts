/** Compares the rows of the audit log with what a seal says of them. */
import type { Doc, GateReader } from "../../data/database";
import { readWithin, spend, type Meter } from "../../data/meter";
import type { Seal } from "../../data/seals";
import { rowOf, type SealedRow } from "./seal";

/** How many rows that are in no seal are named, of those in one stretch. */
const NAMED = 100;

/**
 * A row that is not as its seal says: it is `changed`, `missing`, or `moved` to another time; or it is `inserted`, and in no seal. From an
 * `unread` one on rows are not compared, because those that stand there are larger than the log writes any.
 */
export interface RowFault {
  readonly kind: "changed" | "missing" | "moved" | "inserted" | "unread";
  /** Of the row. */
  readonly id: string;
  /** Its creation time, as it was sealed. */
  readonly at: number;
  /** The time that it has now, if it was moved. */
  readonly nowAt?: number;
}

type Row = Doc<"toolgateAudit">;

/** The rows that stand in the stretch of a seal. They are bounded, so somebody who puts in thousands hides others: those are then looked up. */
const rowsOf = (db: GateReader, { after, to, count }: Seal, meter: Meter): Promise<Row[]> => {
  const rows = db
    .query("toolgateAudit")
    .withIndex("by_creation_time", (q) => q.gt("_creationTime", after).lte("_creationTime", to));
  return readWithin(meter, rows, count + NAMED);
};

/** @param row - the row that has the id now. */
const faultOf = async (row: Row | null, { id, at, digest }: SealedRow): Promise<RowFault[]> => {
  if (row === null) return [{ kind: "missing", id, at }];
  if (row._creationTime !== at) return [{ kind: "moved", id, at, nowAt: row._creationTime }];
  return (await rowOf(row)).digest === digest ? [] : [{ kind: "changed", id, at }];
};

/** Rows in the order of their times. */
const inOrder = (one: RowFault, other: RowFault): number => one.at - other.at;

/** Compares the rows that a seal names, until the meter is used up. */
const compareNamed = async (
  db: GateReader,
  sealed: readonly SealedRow[],
  found: ReadonlyMap<string, Row>,
  meter: Meter,
): Promise<RowFault[]> => {
  const faults: RowFault[] = [];
  for (const of of sealed) {
    const { id, at } = of;
    const there = found.get(id);
    if (there === undefined && meter.left <= 0) return [...faults, { kind: "unread", id, at }];
    const row = there ?? (await db.get("toolgateAudit", id));
    if (there === undefined) spend(meter, row);
    faults.push(...(await faultOf(row, of)));
  }
  return faults;
};

/**
 * Compares the rows in the stretch of a seal with those that it names. At most 2 × `count` + 100 rows are read.
 *
 * @param seal - one that is as it was made.
 * @param sealed - the rows that it names; none if they were removed.
 * @param meter - bounds what is read.
 * @returns what does not fit, in the order of the rows.
 */
export const compareRows = async (
  db: GateReader,
  seal: Seal,
  sealed: readonly SealedRow[],
  meter: Meter,
): Promise<RowFault[]> => {
  const found = new Map((await rowsOf(db, seal, meter)).map((row) => [row._id, row]));
  const faults = await compareNamed(db, sealed, found, meter);
  const known = new Set(sealed.map(({ id }) => id));
  const inserted = [...found.values()]
    .filter(({ _id }) => !known.has(_id))
    .map(({ _id: id, _creationTime: at }): RowFault => ({ kind: "inserted", id, at }));
  return [...faults, ...inserted].sort(inOrder);
};
