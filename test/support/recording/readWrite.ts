/** Which transaction disturbs which, by Convex's rule: a write into a stretch of an index that another one has read. */
import type { Bound, ReadRange, RowWrite } from "./recorder";

type Fields = Readonly<Record<string, unknown>>;

/** The part of a transaction that counts for conflicts. */
export interface Footprint {
  readonly reads: readonly ReadRange[];
  readonly writes: readonly RowWrite[];
}

/** The field of a row, or the one within it that a path with a dot names. */
const fieldAt = (row: Fields, fieldPath: string): unknown =>
  fieldPath.split(".").reduce<unknown>((value, name) => (value as Fields | undefined)?.[name], row);

const holds = ({ type, fieldPath, value }: Bound, row: Fields): boolean => {
  const found = fieldAt(row, fieldPath) as string | number;
  const bound = value as string | number;
  switch (type) {
    case "Gt":
      return found > bound;
    case "Gte":
      return found >= bound;
    case "Lt":
      return found < bound;
    case "Lte":
      return found <= bound;
    default:
      return found === bound;
  }
};

const isIn = ({ bounds }: ReadRange, row: Fields): boolean =>
  "_id" in row && bounds.every((bound) => holds(bound, row));

/** A row that enters, leaves or changes within what was read. */
const disturbs = (range: ReadRange, { table, before, after }: RowWrite): boolean =>
  range.table === table && (isIn(range, before) || isIn(range, after));

/** True if `writer`, committed while `reader` ran, makes `reader` start again. */
export const conflicts = (reader: Footprint, writer: Footprint): boolean =>
  reader.reads.some((range) => writer.writes.some((write) => disturbs(range, write)));
