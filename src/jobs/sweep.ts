/** Housekeeping, for a cron: forgets results that need not be kept any longer, and leases that were not renewed. */
import { makeFunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import type { GateTx } from "../data/database";
import { isOver } from "../data/jobState";
import { endJob } from "../jobs/job";
import type { Toolgate } from "../registry/toolgate";

/** Rows per run and kind: with results of 256 KiB each, half of what a transaction may read. */
const BATCH = 15;

/** Deletes what only has to be forgotten once its time is over. Answers how many rows there were. */
const forget = async (
  tx: GateTx,
  table:
    "toolgateIdempotency" | "toolgateUsedStates" | "toolgateQuestions" | "toolgateStreamLeases",
  now: number,
): Promise<number> => {
  const rows = await tx.db
    .query(table)
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete(table, _id);
  return rows.length;
};

const forgetJobs = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("toolgateJobs")
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const job of rows) {
    // One that never ended has lost its watchdog as well as its worker. Its end is kept for as long as any other.
    if (isOver(job)) await tx.db.delete("toolgateJobs", job._id);
    else await endJob(tx, job, { state: "unknown" });
  }
  return rows.length;
};

const sweptValidator = v.object({
  results: v.number(),
  jobs: v.number(),
  streams: v.number(),
  states: v.number(),
  questions: v.number(),
});

type Swept = Infer<typeof sweptValidator>;

/** The definition of the internal mutation to run every minute. It runs itself again at once while there is more. */
export const sweeping = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: {},
  returns: sweptValidator,
  handler: async (tx: GateTx): Promise<Swept> => {
    const now = Date.now();
    const swept = {
      results: await forget(tx, "toolgateIdempotency", now),
      jobs: await forgetJobs(tx, now),
      streams: await forget(tx, "toolgateStreamLeases", now),
      states: await forget(tx, "toolgateUsedStates", now),
      questions: await forget(tx, "toolgateQuestions", now),
    };
    if (Object.values(swept).includes(BATCH))
      await tx.scheduler.runAfter(0, makeFunctionReference<"mutation">(`${dir}/jobs:sweep`), {});
    return swept;
  },
});
