/** Who can write to the database but holds no key puts in seals and rows of any values: they stop nothing, and each is named. */
import { expect, test, vi } from "vitest";
import { tendRecord } from "../../../src/jobs/tendRecord";
import { Log, type SealRow } from "./log";
import { faultsOf, head, sealAll, sealOnce, verify } from "./setup";

const MINUTE = 60_000;

/** 250 rows under three seals. */
const sealedLog = async (): Promise<Log> => {
  const log = new Log();
  for (let row = 0; row < 250; row++) log.add({ tool: "t" }, log.now + row);
  log.now += 15 * MINUTE;
  await sealAll(log);
  return log;
};

let made = 0;

/** Puts in a seal as one can who has seen the others. */
const forge = (log: Log, fields: Partial<SealRow>): void => {
  const { _id, ...like } = log.seals()[0]!;
  const own = { _id: `forged${String(made++)}`, _creationTime: log.now + made };
  log.table("toolgateSeals").push({ ...like, ...own, ...fields });
};

const ODD = [1e15, 1e300, Infinity, NaN, -5, 0, -0, 2.5, 3, 4];

test.each(ODD)(
  "a seal with the number %d is named, and sealing goes on as if it were not there",
  async (seq) => {
    const log = await sealedLog();
    for (const to of [log.now + 1e12, log.now - 1, NaN, -1]) {
      forge(log, { seq, to });
      log.add();
      log.now += 15 * MINUTE;
      await sealAll(log);
    }
    const { faults, checked } = await verify(log);
    expect(checked.rows).toBe(254);
    expect(faults.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => "seal_changed"));
    expect((await head(log)).waiting.rows).toBe(0);
  },
);

test("the sweep has the log sealed whatever the newest seal says, also while no key can be read", async () => {
  const log = await sealedLog();
  forge(log, { seq: 1e15, to: log.now * 2 });
  log.add();
  log.now += 15 * MINUTE;
  const started = async () => {
    log.scheduled.length = 0;
    await tendRecord(log.tx, { dir: "toolgate", audit: undefined }, log.now);
    return log.scheduled;
  };
  expect(await started()).toEqual(["toolgate/admin:sealAudit"]);
  vi.stubEnv("TOOLGATE_SEAL_KEYS", "none");
  expect(await started()).toEqual(["toolgate/admin:sealAudit"]);
  await expect(sealOnce(log)).rejects.toThrow("TOOLGATE_SEAL_KEYS must be");
});

test("a seal under a key that nobody holds is not followed while there is a good one", async () => {
  const log = await sealedLog();
  forge(log, { seq: 9, key: "mine", to: log.now - 1 });
  log.add({}, log.now - 5 * MINUTE);
  await sealAll(log);
  expect(log.seals().at(-1)).toMatchObject({ seq: 4, key: "s1", count: 1 });
  expect(await faultsOf(log)).toContainEqual({ kind: "seal_unchecked", seal: 9 });
});

test("where all keys were replaced, the newest seal that may be one of the chain is followed", async () => {
  const log = await sealedLog();
  vi.stubEnv("TOOLGATE_SEAL_KEYS", `s2:${"another-".repeat(6)}`);
  forge(log, { seq: 1e15, to: log.now * 2 });
  log.add();
  log.now += 15 * MINUTE;
  await sealAll(log);
  expect(log.seals().at(-1)).toMatchObject({ seq: 4, key: "s2", count: 1 });
});

test("more forged seals than are looked at stop the sealing with an error, and each is named in bounded pages", async () => {
  const log = await sealedLog();
  for (let seal = 0; seal < 1_200; seal++) forge(log, { seq: 1e9, count: seal });
  log.add();
  log.now += 15 * MINUTE;
  await expect(sealOnce(log)).rejects.toThrow("the newest seals are forged");
  expect((await head(log)).waiting.rows).toBe(100);
  const { faults, checked } = await verify(log, { limit: 1_000 });
  expect([faults.length, checked]).toEqual([1_200, { rows: 250, seals: 1_203, removed: 0 }]);
  log.rowsRead = 0;
  await verify(log, { limit: 1_000 });
  expect(log.rowsRead).toBeLessThan(2 * (1_203 + 250));
});

/** The most that Convex lets a query read and return, in bytes (https://docs.convex.dev/production/state/limits). */
const READ = 16 * 1024 * 1024;

test("however large rows and seals are made, no page reads too much, and what it cannot compare is named", async () => {
  const log = await sealedLog();
  const large = "x".repeat(1_000_000);
  for (let seal = 0; seal < 10; seal++) forge(log, { seq: 2, key: large });
  const { to } = log.seals()[0]!;
  const put = Array.from({ length: 20 }, () => log.add({ tool: large }, to - 0.5)._id);
  for (const row of log.audit().slice(100, 120)) row.tool = large;
  log.largest = 0;
  const { faults } = await verify(log);
  expect(log.largest).toBeLessThan(READ);
  for (const kind of ["inserted", "unread", "changed", "seal_unchecked"])
    expect(faults).toContainEqual(expect.objectContaining({ kind }));
  expect(put).toContain(faults.find(({ kind }) => kind === "inserted")!.row);
  for (const { place } of faults) expect(place.length).toBeLessThan(300);
});
