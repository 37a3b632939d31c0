/** Whatever somebody does to the rows of the audit log is found and named; an untouched log gives nothing. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Log, type AuditRow } from "./log";
import { faultsOf, verify } from "./setup";
import { MINUTE, sealedLog } from "./sealed";

const sealOf = (log: Log, row: AuditRow): number =>
  log.seals().find(({ to }) => row._creationTime <= to)!.seq;

describe("rows", () => {
  type Damage = (log: Log, row: AuditRow, by: number) => void;

  const without = (log: Log, row: AuditRow) => {
    log.tables.toolgateAudit = log.table("toolgateAudit").filter(({ _id }) => _id !== row._id);
  };
  const changes: readonly ((row: Record<string, unknown>) => void)[] = [
    (row) => (row.outcome = "denied"),
    (row) => (row.tool = `${String(row.tool)} `),
    (row) => delete row.subject,
    (row) => (row.reason = "new"),
    (row) => (row.arguments = '{"n":1000}'),
    (row) => (row.at = Number(row.at) + 1),
  ];
  const kinds: Readonly<Record<string, Damage>> = {
    changed: (_log, row, by) => {
      changes[by % changes.length]!(row);
    },
    missing: without,
    // Out of the sealed time: elsewhere it is one row too many as well.
    moved: (log, row) => (row._creationTime = log.now),
  };

  test("each that was changed, removed or moved is named with its seal, and no other", async () => {
    const kind = fc.constantFrom(...Object.keys(kinds));
    const damage = fc.record({ kind, index: fc.nat(), by: fc.nat(20) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 230 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 300 }),
        async (count, alike, all, limit) => {
          const log = await sealedLog(count, alike);
          const rows = [...log.audit()];
          const expected = new Map<string, object>();
          for (const { kind: how, index, by } of all) {
            const row = rows[index % rows.length]!;
            if (expected.has(row._id)) continue;
            expected.set(row._id, { kind: how, seal: sealOf(log, row), row: row._id });
            kinds[how]!(log, row, by);
          }
          const faults = await faultsOf(log, { limit });
          expect(new Set(faults)).toEqual(new Set(expected.values()));
          expect(faults).toHaveLength(expected.size);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("each that was put in is named, at any sealed time", async () => {
    const log = await sealedLog(150, 2);
    const [first] = log.audit();
    const last = log.audit().at(-1)!;
    const times = [1, first!._creationTime - 1, first!._creationTime, last._creationTime - 0.5];
    const put = times.map((time) => log.add({}, time)._id);
    expect(await faultsOf(log)).toEqual([
      ...put.slice(0, 3).map((row) => ({ kind: "inserted", seal: 1, row })),
      { kind: "inserted", seal: 2, row: put[3] },
    ]);
  });

  test("each that was imported to where no seal reaches is named once, as far as 100 a side, whatever its size", async () => {
    const log = await sealedLog(150);
    for (let row = 0; row < 100; row++) log.add({ tool: "t" }, log.now - 1 - row / 200);
    expect(await faultsOf(log)).toEqual([]);
    const times = [0, -5, -Infinity, log.now + 3 * MINUTE, 1e18, Infinity, NaN];
    const put = times.map((time) => log.add({}, time)._id);
    const { faults } = await verify(log, { limit: 1 });
    expect(new Set(faults.map(({ kind, seal, row }) => `${kind} ${String(seal)} ${row!}`))).toEqual(
      new Set(put.map((row) => `inserted undefined ${row}`)),
    );
    expect(faults.map(({ place }) => place).join()).toMatch(/before the log begins.*in the future/);
    for (let row = 0; row < 300; row++) log.add({}, 1e18 + row * 1e6);
    expect(await faultsOf(log)).toHaveLength(3 + 100);
    const large = "x".repeat(900_000);
    for (let row = 0; row < 20; row++) log.add({ tool: large }, -row);
    log.largest = 0;
    expect((await faultsOf(log)).length).toBeGreaterThan(0);
    expect(log.largest).toBeLessThan(4_000_000);
  });

  test("one that was moved within the sealed time is named at both places", async () => {
    const log = await sealedLog(150);
    const row = log.audit()[3]!;
    row._creationTime = log.audit()[140]!._creationTime + 0.5;
    expect(await faultsOf(log)).toEqual([
      { kind: "moved", seal: 1, row: row._id },
      { kind: "inserted", seal: 2, row: row._id },
    ]);
    expect((await verify(log)).faults[0]!.place).toMatch(
      /^row row3 of \S+Z now stands at \S+Z; seal 1 says where it belongs$/,
    );
  });

  test("two that changed places are named, and a copy of one is", async () => {
    const log = await sealedLog(20);
    const [one, two] = [log.audit()[4]!, log.audit()[9]!];
    [one._creationTime, two._creationTime] = [two._creationTime, one._creationTime];
    expect(await faultsOf(log)).toEqual([
      { kind: "moved", seal: 1, row: one._id },
      { kind: "moved", seal: 1, row: two._id },
    ]);
    [one._creationTime, two._creationTime] = [two._creationTime, one._creationTime];
    const { _id, ...fields } = one;
    const copy = log.add(fields, one._creationTime);
    expect(await faultsOf(log)).toEqual([{ kind: "inserted", seal: 1, row: copy._id }]);
  });

  test("thousands that were put in hide none that is missing, and a page reads at most 300 rows a seal", async () => {
    const log = await sealedLog(100);
    const gone = log.audit()[50]!;
    without(log, gone);
    for (let row = 0; row < 2_000; row++) log.add({}, 1 + row);
    log.rowsRead = 0;
    const faults = await faultsOf(log);
    expect(log.rowsRead).toBeLessThanOrEqual(302);
    expect(faults.filter(({ kind }) => kind !== "inserted")).toEqual([
      { kind: "missing", seal: 1, row: gone._id },
    ]);
  });
});
