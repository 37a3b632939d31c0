/** Has the audit log sealed, and what is older than the app keeps removed. */
import { makeFunctionReference } from "convex/server";
import { dueSeals, endOfKeeping } from "../auth/dueSeals";
import { newestSeal } from "../auth/newestSeal";
import { usableKeys } from "../auth/sealKeys";
import type { GateTx } from "../data/database";
import { unsealed } from "../data/seals";
import type { Toolgate } from "../registry/toolgate";

/** How old the oldest row without a seal is when the log is sealed, in ms. So little traffic makes a seal in ten minutes, and not one a row. */
const SEALED_AT_MS = 10 * 60_000;

/** How long the oldest seal is past its time when retention begins, in ms: a run writes a row itself, so it is to run once a day at most. */
const PRUNED_AT_MS = 24 * 60 * 60_000;

/** Starts what there is to do. Here it only looks, so that the functions of jobs stay light: in an idle deployment there is nothing. */
export const tendRecord = async (
  tx: GateTx,
  { dir, audit }: Pick<Toolgate, "dir" | "audit">,
  now: number,
): Promise<void> => {
  const start = (name: string) =>
    tx.scheduler.runAfter(0, makeFunctionReference<"mutation">(`${dir}/admin:${name}`), {});
  const keys = usableKeys();
  const { seal } = await newestSeal(tx.db, keys, now);
  const next = await unsealed(tx.db, seal, now).first();
  if (next !== null && next._creationTime <= now - SEALED_AT_MS) await start("sealAudit");
  if (audit?.keepDays === undefined) return;
  const before = endOfKeeping(audit.keepDays, now) - PRUNED_AT_MS;
  const due = await dueSeals(tx.db, keys, { before, now }, 1);
  if (due.length > 0) await start("pruneAudit");
};
