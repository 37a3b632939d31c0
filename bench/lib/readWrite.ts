/** Which transaction disturbs which, by Convex's rule: a write into a stretch of an index that another one has read. */
import type { Bound, ReadRange, RowWrite, Transaction } from "./recorder";

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

export const BUCKETS = "toolgateBuckets";

/** The transaction without its buckets: which shards it took is drawn anew for every attempt. */
const withoutBuckets = ({ reads, writes }: Footprint): Footprint => ({
  reads: reads.filter(({ table }) => table !== BUCKETS),
  writes: writes.filter(({ table }) => table !== BUCKETS),
});

const between = <T>(items: readonly T[], [from, to]: readonly [number, number]): T[] =>
  items.slice(from, to);

/** One recorded admission, taken apart. */
export interface Admission {
  /** Names of the buckets it took a token from. */
  readonly buckets: readonly string[];
  readonly whole: Footprint;
  readonly gate: Footprint;
  /** What a second transaction would do: look at the key again, run the tool, complete the audit row. */
  readonly tool: Footprint;
}

export const takeApart = (admission: Transaction): Admission => {
  const inner = admission.nested.at(-1);
  const tool = {
    reads: inner ? between(admission.reads, inner.reads) : [],
    writes: inner ? between(admission.writes, inner.writes) : [],
  };
  const gate = {
    reads: admission.reads.filter((range) => !tool.reads.includes(range)),
    writes: admission.writes.filter((write) => !tool.writes.includes(write)),
  };
  const key = gate.reads.filter(({ table }) => table === "toolgateKeys");
  return {
    buckets: gate.writes
      .filter(({ table }) => table === BUCKETS)
      .map(({ after }) => String(after.name)),
    whole: withoutBuckets(admission),
    gate: withoutBuckets(gate),
    tool: { reads: [...key, ...tool.reads], writes: tool.writes },
  };
};
