/**
 * Names rows that stand where no seal reaches: before the log begins, or in the future. The deployment gives no row such a time, but
 * an import of rows can.
 */
import type { Doc, GateReader } from "../../data/database";
import { readWithin, type Meter } from "../../data/meter";
import { SETTLED_MS } from "../../data/seals";
import { iso, type Fault } from "./faults";

/** How many rows are named of either kind. */
const NAMED = 100;

const rowsAt = (db: GateReader) => db.query("toolgateAudit");

const faultOf = ({ _id: row, _creationTime: at }: Doc<"toolgateAudit">, where: string): Fault => ({
  kind: "inserted",
  place: `row ${row} of ${iso(at)} ${where}, where no row is written`,
  ...{ row, at: iso(at) },
});

/** @returns up to 200 of them. */
export const outsideFaults = async (
  db: GateReader,
  now: number,
  meter: Meter,
): Promise<Fault[]> => {
  const early = rowsAt(db).withIndex("by_creation_time", (q) => q.lte("_creationTime", 0));
  const late = rowsAt(db).withIndex("by_creation_time", (q) =>
    q.gt("_creationTime", now + SETTLED_MS),
  );
  const before = await readWithin(meter, early, NAMED);
  const after = await readWithin(meter, late, NAMED);
  return [
    ...before.map((row) => faultOf(row, "stands before the log begins")),
    ...after.map((row) => faultOf(row, "stands in the future")),
  ];
};
