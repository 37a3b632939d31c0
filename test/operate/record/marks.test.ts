/** Marks and forged seals hold up retention no longer than a week, and a check names those that no key has made. */
import { expect, test, vi } from "vitest";
import { tendRecord } from "../../../src/jobs/tendRecord";
import { Log } from "./log";
import { faultsOf, KEY, pruneOnce, sealAll } from "./setup";

const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;
const OTHER = `s2:${"another-".repeat(6)}`;

/** Two days of 150 rows under two seals each, all of them older than a day by more than another. */
const oldLog = async (): Promise<Log> => {
  const log = new Log();
  for (let day = 0; day < 2; day++) {
    for (let row = 0; row < 150; row++) log.add({ tool: "t" }, log.now + row);
    log.now += DAY;
    await sealAll(log);
  }
  log.now += 2 * DAY;
  return log;
};

const starts = async (log: Log): Promise<boolean> => {
  log.scheduled.length = 0;
  await tendRecord(log.tx, { dir: "toolgate", audit: { keepDays: 1 } }, log.now);
  return log.scheduled.includes("toolgate/admin:pruneAudit");
};

const lastArgs = (log: Log) => JSON.parse(log.audit().at(-1)!.arguments!) as object;

test("a seal whose key is gone holds up no newer one, and goes once the key is back", async () => {
  const log = await oldLog();
  vi.stubEnv("TOOLGATE_SEAL_KEYS", OTHER);
  for (let row = 0; row < 50; row++) log.add();
  log.now += DAY;
  await sealAll(log);
  log.now += 2 * DAY;
  expect(await pruneOnce(log, 1)).toEqual({ seals: 1, rows: 50 });
  expect(lastArgs(log)).toMatchObject({ seals: "5 to 5", stays: { unchecked: "1, 2, 3, 4" } });
  expect(await starts(log)).toBe(false);
  vi.stubEnv("TOOLGATE_SEAL_KEYS", `${OTHER},${KEY}`);
  expect(await faultsOf(log)).toEqual([]);
  log.now += WEEK + 1;
  expect(await starts(log)).toBe(true);
  expect(await pruneOnce(log, 1)).toEqual({ seals: 4, rows: 300 });
  expect(await starts(log)).toBe(false);
});

test.each([[-1], [0], [NaN], [Infinity]])(
  "marks that nobody signed, of the time now and %d, are named, and hide rows for a week at most",
  async (by) => {
    const log = await oldLog();
    for (const seal of log.seals())
      Object.assign(seal, {
        stays: { at: by === 0 ? log.now : by * log.now, key: "s1", mac: "x" },
      });
    expect(await faultsOf(log)).toEqual([1, 2, 3, 4].map((seal) => ({ kind: "mark_wrong", seal })));
    if (by === 0) {
      expect(await starts(log)).toBe(false);
      log.now += WEEK + 1;
    }
    expect(await starts(log)).toBe(true);
    expect(await pruneOnce(log, 1)).toEqual({ seals: 4, rows: 300 });
  },
);

test("a mark on a seal that is not due yet is taken off", async () => {
  const log = await oldLog();
  const seal = log.seals()[3]!;
  Object.assign(seal, { stays: { at: 1, key: "s1", mac: "x" } });
  expect(await pruneOnce(log, 3)).toEqual({ seals: 2, rows: 150 });
  expect(await faultsOf(log)).toEqual([]);
});

test("a mark of removal on a seal whose rows are there is named", async () => {
  const log = await oldLog();
  Object.assign(log.seals()[1]!, { removed: { at: log.now, key: "s1", mac: "x" } });
  expect(await faultsOf(log)).toEqual([{ kind: "mark_wrong", seal: 2 }]);
});

test.each([-5, 0, 0.5, 1, -Infinity, NaN])(
  "forged seals with the number %d and any time hold up nothing",
  async (seq) => {
    const log = await oldLog();
    const { _id, ...like } = log.seals()[0]!;
    for (let at = 0; at < 150; at++) {
      const to = [log.now * 2, NaN, 1][at % 3]!;
      log.table("toolgateSeals").push({ ...like, seq, to, _id: `forged${String(at)}` });
    }
    let rows = 0;
    for (let run = 0; run < 4; run++) rows += (await pruneOnce(log, 1)).rows;
    expect(rows).toBe(300);
    expect(await starts(log)).toBe(false);
  },
);
