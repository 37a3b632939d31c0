/** Retention removes whole sealed batches, says so, and a check tells it from what is missing. */
import { expect, test } from "vitest";
import { tendRecord } from "../../../src/jobs/tendRecord";
import { Log } from "./log";
import { faultsOf, pruneOnce, sealAll, verify } from "./setup";

const MINUTE = 60_000;
const DAY = 24 * 60 * 60 * 1000;

/** 250 rows a day for so many days, each day sealed in three batches. */
const daysOf = async (days: number): Promise<Log> => {
  const log = new Log();
  for (let day = 0; day < days; day++) {
    for (let row = 0; row < 250; row++) log.add({ tool: "t" }, log.now + row);
    log.now += DAY;
    await sealAll(log);
  }
  return log;
};

const lastRow = (log: Log) => {
  const { method, protocol, arguments: text } = log.audit().at(-1)!;
  return { method, protocol, ...(JSON.parse(text!) as object) };
};

test("what is older goes batch by batch, the seals stay, and a row says what is gone", async () => {
  const log = await daysOf(5);
  const before = log.seals().map(({ mac }) => mac);
  log.rowsRead = 0;
  expect(await pruneOnce(log, 2)).toEqual({ seals: 6, rows: 500 });
  expect(log.rowsRead).toBeLessThanOrEqual(10 + 6 + 500);
  expect(log.scheduled).toContain("toolgate/admin:pruneAudit");
  expect(lastRow(log)).toEqual({
    ...{ method: "audit/prune", protocol: "operator", keepDays: 2, rows: 500, seals: "1 to 6" },
    to: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  });
  log.scheduled.length = 0;
  expect(await pruneOnce(log, 2)).toEqual({ seals: 3, rows: 250 });
  expect(await pruneOnce(log, 2)).toEqual({ seals: 0, rows: 0 });
  expect(log.scheduled).toEqual([]);
  expect(log.seals().map(({ mac }) => mac)).toEqual(before);
  expect(log.audit()).toHaveLength(500 + 2);
  log.now += DAY;
  await sealAll(log);
  const { faults, checked } = await verify(log);
  expect([faults, checked]).toEqual([[], { rows: 502, seals: 16, removed: 750 }]);
});

test("many small batches go in one run, so that little traffic makes few rows about it", async () => {
  const log = new Log();
  for (let seal = 0; seal < 144; seal++) {
    log.add();
    log.now += 10 * MINUTE;
    await sealAll(log);
  }
  log.now += 2 * DAY;
  expect(await pruneOnce(log, 1)).toMatchObject({ seals: 100 });
  expect(await pruneOnce(log, 1)).toMatchObject({ seals: 44 });
  expect(log.table("toolgateAudit").filter(({ method }) => method === "audit/prune")).toHaveLength(
    2,
  );
});

test("a batch goes only once all of it is older, and a row without a seal never does", async () => {
  const log = await daysOf(1);
  log.now = log.seals()[0]!.to + 5 * DAY;
  expect(await pruneOnce(log, 5)).toEqual({ seals: 0, rows: 0 });
  log.now += 1;
  expect(await pruneOnce(log, 5)).toEqual({ seals: 1, rows: 100 });
  const unsealed = new Log();
  unsealed.add();
  unsealed.now += 1_000 * DAY;
  expect(await pruneOnce(unsealed, 1)).toEqual({ seals: 0, rows: 0 });
  expect(unsealed.audit()).toHaveLength(1);
});

test("a check tells it from rows that somebody removed, and from a removal that nobody signed", async () => {
  const log = await daysOf(3);
  await pruneOnce(log, 1);
  const [gone] = log.tables.toolgateAudit!.splice(0, 1);
  expect(await faultsOf(log)).toEqual([{ kind: "missing", seal: 7, row: gone!._id }]);
  // The mark of another seal is none of this one.
  const [marked, , , , , , , other] = log.seals();
  Object.assign(other!, { removed: marked!.removed });
  log.tables.toolgateSealedRows = log
    .table("toolgateSealedRows")
    .filter(({ seal }) => seal !== other!._id);
  expect(await faultsOf(log)).toContainEqual({ kind: "seal_changed", seal: 8 });
  const back = log.add({}, 1_000_000_000_001);
  expect(await faultsOf(log)).toContainEqual({ kind: "inserted", seal: 1, row: back._id });
});

test("rows that are not as sealed are told of, and what was put in stays", async () => {
  const log = await daysOf(2);
  const [one, two, three] = log.audit();
  one!.outcome = "denied";
  two!._creationTime = log.now;
  log.tables.toolgateAudit = log.table("toolgateAudit").filter(({ _id }) => _id !== three!._id);
  const put = log.add({}, one!._creationTime + 0.5);
  log.now += 1;
  expect(await pruneOnce(log, 1)).toEqual({ seals: 3, rows: 248 });
  expect(lastRow(log)).toMatchObject({
    damaged: [{ seal: 1, changed: 1, moved: 1, missing: 1, inserted: 1 }],
  });
  expect(await faultsOf(log)).toEqual([{ kind: "inserted", seal: 1, row: put._id }]);
});

test("rows under a changed seal stay, and hold up nothing", async () => {
  const log = await daysOf(2);
  log.seals()[1]!.count = 1;
  log.now += 1;
  expect(await pruneOnce(log, 1)).toEqual({ seals: 2, rows: 150 });
  expect(lastRow(log)).toMatchObject({ seals: "1 to 3", stays: { changed: "2" } });
  expect(log.audit()).toHaveLength(350 + 1);
  expect(await faultsOf(log)).toEqual([{ kind: "seal_changed", seal: 2 }]);
  expect(await pruneOnce(log, 1)).toEqual({ seals: 0, rows: 0 });
});

test("a number of days that is none is an error", async () => {
  const log = await daysOf(2);
  for (const days of [0, -1, 1.5, NaN])
    await expect(pruneOnce(log, days)).rejects.toThrow("audit.keepDays");
});

test("the sweep starts it if the app says how long rows are kept, once the oldest are a day past that", async () => {
  const log = await daysOf(2);
  const started = async (audit: { keepDays?: number } | undefined) => {
    log.scheduled.length = 0;
    await tendRecord(log.tx, { dir: "toolgate", audit }, log.now);
    return log.scheduled.filter((name) => name.endsWith("pruneAudit")).length;
  };
  log.now = log.seals()[0]!.to + 2 * DAY + 1;
  expect([await started(undefined), await started({}), await started({ keepDays: 3 })]).toEqual([
    ...[0, 0, 0],
  ]);
  expect(await started({ keepDays: 1 })).toBe(1);
  log.now -= 1;
  expect(await started({ keepDays: 1 })).toBe(0);
});
