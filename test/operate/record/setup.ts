/** What operators do with a log in memory. */
import { afterEach, beforeEach, vi } from "vitest";
import { auditHead } from "../../../src/operate/record/head";
import { pruneAudit } from "../../../src/operate/record/pruneAudit";
import { sealAudit } from "../../../src/operate/record/sealAudit";
import { verifyAudit } from "../../../src/operate/record/verifyAudit";
import type { Log } from "./log";

export const KEY = `s1:${"sealing-".repeat(6)}`;

beforeEach(() => {
  vi.stubEnv("TOOLGATE_PEPPERS", `p1:${"pepper-".repeat(6)}`);
  vi.stubEnv("TOOLGATE_SEAL_KEYS", KEY);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs at the time of the log. */
const atIts = <T>(log: Log, work: () => Promise<T>): Promise<T> => {
  vi.spyOn(Date, "now").mockReturnValue(log.now);
  log.begin();
  return work();
};

const seal = sealAudit({ dir: "toolgate" });

/** One run. */
export const sealOnce = (log: Log) => atIts(log, () => seal.handler(log.tx));

/** One run of retention. */
export const pruneOnce = (log: Log, keepDays: number) =>
  atIts(log, () => pruneAudit({ dir: "toolgate", audit: { keepDays } }).handler(log.tx));

/** As often as it asks for it. */
export const sealAll = async (log: Log): Promise<void> => {
  do {
    log.scheduled.length = 0;
    await sealOnce(log);
  } while (log.scheduled.length > 0);
};

export const head = (log: Log) => atIts(log, () => auditHead.handler(log.tx));

type Page = Awaited<ReturnType<typeof verifyAudit.handler>>;

/** All pages. */
export const verify = async (
  log: Log,
  more: { head?: string; limit?: number; cursor?: string } = {},
) => {
  const faults: Page["faults"] = [];
  const checked = { rows: 0, seals: 0, removed: 0 };
  let cursor: string | null = null;
  let sealedTo: string | null = null;
  do {
    const request = { ...more, ...(cursor === null ? {} : { cursor }) };
    const page: Page = await atIts(log, () => verifyAudit.handler(log.tx, request));
    faults.push(...page.faults);
    for (const name of ["rows", "seals", "removed"] as const) checked[name] += page.checked[name];
    ({ nextCursor: cursor, sealedTo } = page);
  } while (cursor !== null);
  return { faults, checked, sealedTo };
};

/** The faults alone, without their sentences. */
export const faultsOf = async (log: Log, more: { head?: string; limit?: number } = {}) =>
  (await verify(log, more)).faults.map(({ kind, seal: seq, row }) =>
    row === undefined ? { kind, seal: seq } : { kind, seal: seq, row },
  );
