/** Whatever somebody does to the seals of the audit log is found and named, also once their key was changed. */
import { describe, expect, test, vi } from "vitest";
import { Log, type SealRow } from "./log";
import { faultsOf, head, KEY, sealAll, verify } from "./setup";
import { MINUTE, sealedLog } from "./sealed";

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
