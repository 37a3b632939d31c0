/** Has the audit log sealed, and what is older than the app keeps removed. */
import { makeFunctionReference } from "convex/server";
import { newestSeal } from "../auth/newestSeal";
import { usableKeys } from "../auth/sealKeys";
import type { GateTx } from "../data/database";
import { dueForRemoval, unsealed } from "../data/seals";
import type { Toolgate } from "../registry/toolgate";

/** Starts what there is to do. Here it only looks, so that the functions of jobs stay light: in an idle deployment there is nothing. */
export const tendRecord = async (
  tx: GateTx,
  { dir, audit }: Pick<Toolgate, "dir" | "audit">,
  now: number,
): Promise<void> => {
  const start = (name: string) =>
    tx.scheduler.runAfter(0, makeFunctionReference<"mutation">(`${dir}/admin:${name}`), {});
  const { seal } = await newestSeal(tx.db, usableKeys(), now);
  const next = await unsealed(tx.db, seal, now).first();
  if (next !== null) await start("sealAudit");
  const due = await dueForRemoval(tx.db, audit?.keepDays, now, 1);
  if (due.length > 0) await start("pruneAudit");
};
