/** Seals that were made long after their rows are named: that is what is left where somebody removed seals and had changed rows sealed anew. */
import { expect, test } from "vitest";
import { Log } from "./log";
import { faultsOf, head, sealAll, verify } from "./setup";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Three days of 120 rows, each sealed after a quarter of an hour: in seals 1 and 2, 3 and 4, 5 and 6. */
const daysLog = async (): Promise<Log> => {
  const log = new Log();
  for (let day = 0; day < 3; day++) {
    for (let row = 0; row < 120; row++) log.add({ tool: "t" }, log.now + row);
    log.now += 15 * MINUTE;
    await sealAll(log);
    log.now += DAY;
  }
  return log;
};

/** Removes the seals of the last two days, changes a row, and leaves the rest to the sweep. */
const makeAnew = async (log: Log): Promise<void> => {
  log.tables.toolgateSeals = log.table("toolgateSeals").slice(0, 2);
  log.audit()[200]!.outcome = "denied";
  log.now += MINUTE;
  await sealAll(log);
};

test("a log that is sealed in time has none", async () => {
  expect(await faultsOf(await daysLog())).toEqual([]);
});

test("seals that were removed and made anew over changed rows are named, with the time of the rows", async () => {
  const log = await daysLog();
  const { head: kept } = await head(log);
  const [from, to] = [120, 359].map((row) => new Date(log.audit()[row]!._creationTime));
  await makeAnew(log);
  const { faults } = await verify(log);
  expect(faults.map(({ kind, seal }) => ({ kind, seal }))).toEqual([
    { kind: "sealed_late", seal: 3 },
  ]);
  const made = new Date(log.now).toISOString();
  expect(faults[0]!.place).toContain(`seals 3 to 5, made ${made} to ${made}, are more than a day`);
  expect(faults[0]!.place).toContain(`from ${from!.toISOString()} to ${to!.toISOString()}`);
  expect(await faultsOf(log, { head: kept! })).toContainEqual({ kind: "head_missing", seal: 6 });
});

test("after an outage a head that is kept vouches for what is there, and not for what is made later", async () => {
  const log = await daysLog();
  const outage = async () => {
    log.add();
    log.now += 2 * DAY;
    await sealAll(log);
  };
  await outage();
  expect(await faultsOf(log)).toEqual([{ kind: "sealed_late", seal: 7 }]);
  const { head: kept } = await head(log);
  expect(await faultsOf(log, { head: kept!, limit: 1 })).toEqual([]);
  await outage();
  expect(await faultsOf(log, { head: kept!, limit: 1 })).toEqual([
    { kind: "sealed_late", seal: 8 },
  ]);
  await expect(verify(log, { head: "9.x" })).rejects.toThrow("head:");
});
