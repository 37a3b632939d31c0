/** Keys that do not prove have limits of their own: they fill no log and lock nobody out. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey, newServer, rows, type Reply } from "../../support/gate";
import { admitted, at, burst, keyId, read, statuses, t, times } from "./setup";

const PEPPER = `test:${"pepper-".repeat(6)}`;
const OTHER_PEPPER = `test:${"another-".repeat(6)}`;

describe("wrong secrets", { timeout: 60_000 }, () => {
  const wrong = async <T>(work: () => Promise<T>): Promise<T> => {
    vi.stubEnv("TOOLGATE_PEPPERS", OTHER_PEPPER);
    const result = await work();
    vi.stubEnv("TOOLGATE_PEPPERS", PEPPER);
    return result;
  };

  test("1,000 calls with one stay 401, write a bounded number of rows, and lock nobody out", async () => {
    const rowsBefore = (await rows(t, "toolgateAudit")).length;
    const bucketsBefore = (await rows(t, "toolgateBuckets")).length;
    const replies: Reply[] = [];
    for (let round = 0; round < 5; round++) replies.push(...(await wrong(() => burst(200))));
    expect(statuses(replies)).toEqual([401]);
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    const written = (await rows(t, "toolgateAudit")).slice(rowsBefore);
    expect(written.length).toBeLessThanOrEqual(10);
    expect(new Set(written.map(({ reason }) => reason))).toEqual(new Set(["wrong_secret"]));
    expect((await rows(t, "toolgateBuckets")).length - bucketsBefore).toBeLessThanOrEqual(1);
    const good = await burst(32);
    expect(admitted(good)).toBe(32);
  });

  test("of unknown keys share one limit, and another key's failures are still recorded", async () => {
    const elsewhere = await newServer();
    const unknown: string[] = [];
    for (let index = 0; index < 20; index++) unknown.push((await issueKey(elsewhere)).key);
    const before = (await rows(t, "toolgateAudit")).length;
    const replies = await times(500, (index) => read(unknown[index % 20]));
    expect(statuses(replies)).toEqual([401]);
    const written = (await rows(t, "toolgateAudit")).length - before;
    expect(written).toBeLessThanOrEqual(80);
    expect(written).toBeGreaterThanOrEqual(60);
    await wrong(() => read());
    expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
      reason: "wrong_secret",
      keyId,
    });
  });

  test("are recorded again as the minute passes", async () => {
    await wrong(() => burst(50));
    const before = (await rows(t, "toolgateAudit")).length;
    at(20_001);
    await wrong(() => burst(50));
    expect((await rows(t, "toolgateAudit")).length - before).toBe(10);
  });

  test("a revoked key is a failure too: its calls stay 401 and are bounded", async () => {
    await t.mutation(internal.toolgate.admin.revokeKey, { keyId });
    const before = (await rows(t, "toolgateAudit")).length;
    expect(statuses(await burst(100))).toEqual([401]);
    expect((await rows(t, "toolgateAudit")).length - before).toBeLessThanOrEqual(10);
  });
});
