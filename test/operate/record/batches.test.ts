/** Sealing covers every row once, in batches of a bounded size, and needs a key. */
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { Log } from "./log";
import { KEY, sealAll, sealOnce, verify } from "./setup";
import { MINUTE, sealedLog } from "./sealed";

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
