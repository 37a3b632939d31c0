/** Whatever somebody does to the rows or the seals of the audit log is found and named; an untouched log gives nothing. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Log, type AuditRow, type SealRow } from "./log";
import { faultsOf, head, KEY, sealAll, sealOnce, verify } from "./setup";

const MINUTE = 60_000;

/** A log of so many rows, a second apart but for those that share a moment, all sealed. */
const sealedLog = async (count: number, alike = 1): Promise<Log> => {
  const log = new Log();
  for (let row = 0; row < count; row++) {
    if (row % alike === 0) log.now += 1_000;
    log.add({ tool: `t${String(row)}`, arguments: `{"n":${String(row)}}`, subject: "agent" });
  }
  log.now += 3 * MINUTE;
  await sealAll(log);
  return log;
};

const sealOf = (log: Log, row: AuditRow): number =>
  log.seals().find(({ to }) => row._creationTime <= to)!.seq;

describe("sealing", () => {
  test("covers every row older than two minutes once, in batches of at most 100, also those of one moment", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            rows: fc.integer({ min: 1, max: 130 }),
            gap: fc.integer({ min: 1, max: 2 * MINUTE }),
          }),
          { maxLength: 6 },
        ),
        async (moments) => {
          const log = new Log();
          for (const { rows, gap } of moments) {
            log.now += gap;
            for (let row = 0; row < rows; row++) log.add();
            await sealOnce(log);
          }
          await sealAll(log);
          const bound = log.now - 2 * MINUTE;
          const old = log.audit().filter(({ _creationTime }) => _creationTime < bound).length;
          const { faults, checked } = await verify(log);
          expect([faults, checked.rows]).toEqual([[], old]);
          const largest = Math.max(1, ...moments.map(({ rows }) => rows));
          for (const { count } of log.seals())
            expect(count).toBeLessThanOrEqual(Math.max(100, largest));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("reads at most 600 rows a run, and goes on by itself", async () => {
    const log = await sealedLog(0);
    for (let row = 0; row < 1_200; row++) log.add({}, log.now + row);
    log.now += 10 * MINUTE;
    log.rowsRead = 0;
    expect(await sealOnce(log)).toEqual({ seals: 5, rows: 500 });
    expect(log.rowsRead).toBeLessThanOrEqual(600);
    expect(log.scheduled).toEqual(["toolgate/admin:sealAudit"]);
  });

  test("needs a key", async () => {
    const log = await sealedLog(1);
    log.add({}, log.now - 130_000);
    for (const text of ["", "short:secret", `${KEY},x`]) {
      vi.stubEnv("TOOLGATE_SEAL_KEYS", text);
      await expect(sealOnce(log)).rejects.toThrow("TOOLGATE_SEAL_KEYS must be");
    }
    vi.stubEnv("TOOLGATE_SEAL_KEYS", undefined);
    vi.stubEnv("TOOLGATE_PEPPERS", "");
    await expect(sealOnce(log)).rejects.toThrow("TOOLGATE_PEPPERS must be");
  });
});

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

describe("seals", () => {
  const remove = (log: Log, ...seqs: number[]) => {
    log.tables.toolgateSeals = log
      .table("toolgateSeals")
      .filter(({ seq }) => !seqs.includes(seq as number));
  };
  const five = () => sealedLog(450);

  test.each<[string, (seal: SealRow) => void]>([
    ["its number", (seal) => (seal.seq += 100)],
    ["its beginning", (seal) => (seal.after -= 1)],
    ["its end", (seal) => (seal.to += 1)],
    ["its count", (seal) => (seal.count -= 1)],
    ["its digest", (seal) => (seal.digest = seal.digest.replace(/./, "x"))],
    ["the seal that it follows", (seal) => (seal.previous = seal.mac)],
    ["its time", (seal) => (seal.at += 1)],
    ["its signature", (seal) => (seal.mac = seal.mac.replace(/^./, "_"))],
    ["a removal that nobody signed", (seal) => (seal.removed = { at: 1, key: "s1", mac: "x" })],
  ])("one with another value is named: %s", async (what, change) => {
    const log = await five();
    change(log.seals()[2]!);
    if (what.startsWith("a removal")) log.tables.toolgateSealedRows!.splice(2, 1);
    expect(await faultsOf(log)).toContainEqual({
      kind: "seal_changed",
      seal: what === "its number" ? 103 : 3,
    });
  });

  test("one whose list of rows was changed or removed is named, and its rows are not", async () => {
    for (const change of [
      (rows: unknown[]) => rows.splice(4, 1),
      (rows: unknown[]) => rows.push(rows[0]),
      undefined,
    ]) {
      const log = await five();
      const of = log.table("toolgateSealedRows");
      if (change === undefined) of.splice(1, 1);
      else change(of[1]!.rows as unknown[]);
      expect(await faultsOf(log)).toEqual([{ kind: "seal_changed", seal: 2 }]);
    }
  });

  test("those that are missing are named, with what is not checked for it", async () => {
    const log = await five();
    remove(log, 2, 3);
    expect(await faultsOf(log)).toEqual([{ kind: "seal_missing", seal: 2 }]);
    const [fault] = (await verify(log, { limit: 1 })).faults;
    expect(fault!.place).toMatch(/^seals 2 to 3: gone; rows before \S+Z are not checked$/);
    remove(log, 1);
    expect(await faultsOf(log)).toEqual([{ kind: "seal_missing", seal: 1 }]);
  });

  test("a copy of one is named, whatever the pages are", async () => {
    for (const limit of [1, 101, 250, 1_000]) {
      const log = await five();
      const seal = log.seals()[1]!;
      log.table("toolgateSeals").push({ ...seal, _id: "copy", _creationTime: log.now });
      const copy = { ...log.table("toolgateSealedRows")[1]!, _id: "copied", seal: "copy" };
      log.table("toolgateSealedRows").push(copy);
      expect(await faultsOf(log, { limit })).toEqual([{ kind: "seal_inserted", seal: 2 }]);
    }
  });

  test("a cut tail is told by a head that was kept, also after new seals", async () => {
    const log = await five();
    const { head: kept } = await head(log);
    expect(kept).toMatch(/^5\.[\w-]{43}$/);
    expect(await faultsOf(log, { head: kept! })).toEqual([]);
    const end = log.seals()[3]!.to;
    remove(log, 5);
    log.tables.toolgateAudit = log
      .table("toolgateAudit")
      .filter(({ _creationTime }) => _creationTime <= end);
    expect(await faultsOf(log)).toEqual([]);
    expect(await faultsOf(log, { head: kept! })).toEqual([{ kind: "head_missing", seal: 5 }]);
    log.add();
    log.now += 3 * MINUTE;
    await sealAll(log);
    expect(log.seals().at(-1)!.seq).toBe(5);
    expect(await faultsOf(log, { head: kept! })).toEqual([{ kind: "head_missing", seal: 5 }]);
  });

  test("old ones that were put back behind a cut tail do not follow", async () => {
    const log = await five();
    const [, , , , old] = log.seals().map((seal) => ({ ...seal }));
    const list = { ...log.table("toolgateSealedRows")[4]! };
    remove(log, 4, 5);
    log.now += MINUTE;
    await sealAll(log);
    remove(log, 5);
    log.table("toolgateSeals").push(old as never);
    log.table("toolgateSealedRows").push({ ...list, _id: "again" });
    expect(await faultsOf(log)).toEqual([{ kind: "chain_broken", seal: 5 }]);
  });

  test("a head that is none is refused, and so is a bad cursor or limit", async () => {
    const log = await sealedLog(1);
    for (const more of [
      { head: "5" },
      { head: "" },
      { cursor: "x" },
      { limit: 1_001 },
      { limit: 0 },
    ])
      await expect(verify(log, more)).rejects.toThrow(/head:|cursor:|limit:/);
  });
});

describe("keys", () => {
  test("a retired pepper checks its seals from the list of seal keys", async () => {
    const [old, next] = [`p1:${"old-one-".repeat(6)}`, `p2:${"new-one-".repeat(6)}`];
    vi.stubEnv("TOOLGATE_SEAL_KEYS", undefined);
    vi.stubEnv("TOOLGATE_PEPPERS", old);
    const log = await sealedLog(3);
    vi.stubEnv("TOOLGATE_PEPPERS", `${next},${old}`);
    log.add();
    log.now += 3 * MINUTE;
    await sealAll(log);
    expect(log.seals().map(({ key }) => key)).toEqual(["p1", "p2"]);
    expect(await faultsOf(log)).toEqual([]);
    vi.stubEnv("TOOLGATE_PEPPERS", next);
    expect(await faultsOf(log)).toEqual([{ kind: "seal_unchecked", seal: 1 }]);
    expect((await verify(log)).faults[0]!.place).toContain("do not hold: p1;");
    vi.stubEnv("TOOLGATE_SEAL_KEYS", `${KEY},${old}`);
    expect(await faultsOf(log)).toEqual([]);
  });

  test("a key of the same id with another secret proves nothing", async () => {
    const log = await sealedLog(3);
    vi.stubEnv("TOOLGATE_SEAL_KEYS", `s1:${"another-".repeat(6)}`);
    expect(await faultsOf(log)).toEqual([{ kind: "seal_changed", seal: 1 }]);
  });
});
