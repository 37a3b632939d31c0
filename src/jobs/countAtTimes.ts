/** Has the audit log counted now and then, if nobody looks: so that the first who does need not wait. */
import { makeFunctionReference } from "convex/server";
import type { GateTx } from "../data/database";
import { SETTLED_MS } from "../data/seals";

/** How often, in milliseconds. */
const EVERY_MS = 60 * 60_000;

/** Schedules the count, if the last is an hour ago and something was called since. `dir` is the folder of the glue. */
export const countAtTimes = async (tx: GateTx, dir: string, now: number): Promise<void> => {
  const foldedTo = (await tx.db.query("toolgateStatsMark").first())?.foldedTo ?? 0;
  if (foldedTo > now - EVERY_MS) return;
  const uncounted = await tx.db
    .query("toolgateAudit")
    .withIndex("by_creation_time", (q) =>
      q.gt("_creationTime", foldedTo).lte("_creationTime", now - SETTLED_MS),
    )
    .first();
  if (uncounted === null) return;
  await tx.scheduler.runAfter(0, makeFunctionReference<"mutation">(`${dir}/admin:foldStats`), {});
};
