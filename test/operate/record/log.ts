/**
 * A database of rows in memory, in which a test can do what only somebody with the whole database can: change any field of any row, its
 * creation time too. It notes which stretches of an index were read, and what was written.
 */
import type { Footprint } from "../../support/recording/readWrite";
import type { Bound, ReadRange, RowWrite } from "../../support/recording/recorder";
import type { Doc, GateTx } from "../../../src/data/database";

export type Row = Record<string, unknown> & { _id: string; _creationTime: number };
export type AuditRow = Doc<"toolgateAudit">;
export type SealRow = Doc<"toolgateSeals">;

type Value = string | number | boolean | undefined;

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  by_creation_time: [],
  by_seq: ["seq"],
  by_seal: ["seal"],
  by_removedAt_staysAt_seq: ["removed.at", "stays.at", "seq"],
};

const at = (row: object, path: string): Value =>
  path
    .split(".")
    .reduce<unknown>((value, name) => (value as Row | undefined)?.[name], row) as Value;

/** Undefined comes before all else and NaN behind all numbers, as in Convex. */
const compare = (one: Value, other: Value): number => {
  if (Object.is(one, other)) return 0;
  if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
  if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) ? 1 : -1;
  return one < other ? -1 : 1;
};

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  Eq: (order) => order === 0,
  Gt: (order) => order > 0,
  Gte: (order) => order >= 0,
  Lt: (order) => order < 0,
  Lte: (order) => order <= 0,
};

class Range {
  readonly bounds: Bound[] = [];
  private readonly add = (type: string) => (fieldPath: string, value: Value) => {
    this.bounds.push({ type, fieldPath, value });
    return this;
  };
  readonly eq = this.add("Eq");
  readonly gt = this.add("Gt");
  readonly gte = this.add("Gte");
  readonly lt = this.add("Lt");
  readonly lte = this.add("Lte");
}

const copy = <T>(value: T): T => structuredClone(value);

export class Log {
  readonly tables: Record<string, Row[]> = {};
  reads: ReadRange[] = [];
  writes: RowWrite[] = [];
  rowsRead = 0;
  /** The bytes that the run which read most has read. */
  largest = 0;
  private bytes = 0;
  now = 1_000_000_000_000;
  readonly scheduled: string[] = [];
  private made = 0;

  table(name: string): Row[] {
    return (this.tables[name] ??= []);
  }
  audit = () => this.table("toolgateAudit") as unknown as AuditRow[];
  seals = () => this.table("toolgateSeals") as unknown as SealRow[];

  footprint(): Footprint {
    const footprint = { reads: this.reads, writes: this.writes };
    [this.reads, this.writes] = [[], []];
    return footprint;
  }

  /** An audit row as a call writes it; at the present time unless given. */
  add(fields: object = {}, _creationTime = this.now): Row {
    const row = { _id: `row${String(this.made++)}`, _creationTime, at: this.now };
    const whole = { ...row, method: "ping", protocol: "x", outcome: "answered", ...fields };
    this.table("toolgateAudit").push(whole);
    return whole;
  }

  /** Begins the next run. */
  begin(): void {
    this.bytes = 0;
  }

  private count(row: Row): void {
    this.rowsRead++;
    this.bytes += JSON.stringify(row).length;
    this.largest = Math.max(this.largest, this.bytes);
  }

  private *found(table: string, index: string, bounds: readonly Bound[], isDown: boolean) {
    this.reads.push({ table, index, bounds });
    const order = [...FIELDS[index]!, "_creationTime", "_id"];
    const rows = this.table(table)
      .filter((row) =>
        bounds.every(({ type, fieldPath, value }) =>
          HOLDS[type]!(compare(at(row, fieldPath), value as Value)),
        ),
      )
      .sort((a, b) => {
        const field = order.find((name) => compare(at(a, name), at(b, name)) !== 0) ?? "_id";
        return compare(at(a, field), at(b, field)) * (isDown ? -1 : 1);
      });
    for (const row of rows) {
      this.count(row);
      yield copy(row);
    }
  }

  private query(table: string) {
    const found = this.found.bind(this);
    const query = (index: string, bounds: readonly Bound[], isDown: boolean) => {
      const take = async (count: number) => {
        const rows = [];
        const all = found(table, index, bounds, isDown);
        while (rows.length < count) {
          const { value, done } = all.next();
          if (done === true) break;
          rows.push(value);
        }
        return rows;
      };
      return {
        withIndex: (name: string, range: (from: Range) => Range = (from) => from) =>
          query(name, range(new Range()).bounds, isDown),
        order: (order: string) => query(index, bounds, order === "desc"),
        take,
        first: async () => (await take(1))[0] ?? null,
        async *[Symbol.asyncIterator]() {
          yield* found(table, index, bounds, isDown);
        },
      };
    };
    return query("by_creation_time", [], false);
  }

  private change(table: string, id: string, to: (row: Row) => Row | undefined): void {
    const rows = this.table(table);
    const index = rows.findIndex(({ _id }) => _id === id);
    const before = rows[index]!;
    const after = to(before);
    if (after === undefined) rows.splice(index, 1);
    else rows[index] = after;
    this.writes.push({ table, before, after: after ?? {} });
  }

  /** What the functions of the library take. */
  readonly tx = {
    db: {
      query: (table: string) => this.query(table),
      get: async (table: string, id: string) => {
        const row = this.table(table).find(({ _id }) => _id === id);
        this.reads.push({
          ...{ table, index: "by_id", bounds: [{ type: "Eq", fieldPath: "_id", value: id }] },
        });
        if (row !== undefined) this.count(row);
        return row === undefined ? null : copy(row);
      },
      insert: async (table: string, fields: object) => {
        const _id = `${table}${String(this.made++)}`;
        const row = { _id, _creationTime: this.now, ...copy(fields) };
        this.table(table).push(row);
        this.writes.push({ table, before: {}, after: row });
        return _id;
      },
      patch: async (table: string, id: string, fields: object) => {
        this.change(table, id, (row) => ({ ...row, ...copy(fields) }));
      },
      delete: async (table: string, id: string) => {
        this.change(table, id, () => undefined);
      },
    },
    scheduler: {
      runAfter: async (_ms: number, ref: unknown) => {
        this.scheduled.push(String((ref as Record<symbol, string>)[Symbol.for("functionName")]));
      },
    },
  } as unknown as GateTx;
}
