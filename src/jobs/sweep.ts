/** Deletes expired rows, for a cron: results, jobs, leases of open streams, used states, questions, and what OAuth leaves behind. */
import { makeFunctionReference } from "convex/server";
import { v, type Infer } from "convex/values";
import type { GateTx } from "../data/database";
import { isOver } from "../data/jobState";
import { countAtTimes } from "./countAtTimes";
import { expiry } from "./ends";
import { endJob } from "./job";
import { tendRecord } from "./tendRecord";
import type { Toolgate } from "../registry/toolgate";

/** Rows per run and table. With results of 256 KiB each, that is half of what a transaction may read. */
const BATCH = 15;

/** Deletes expired rows of a table that needs no other work. Returns how many. */
const forget = async (
  tx: GateTx,
  table:
    | "toolgateIdempotency"
    | "toolgateUsedStates"
    | "toolgateQuestions"
    | "toolgateStreamLeases"
    | "toolgateDeviceCodes",
  now: number,
): Promise<number> => {
  const rows = await tx.db
    .query(table)
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete(table, _id);
  return rows.length;
};

const LOST = { state: "unknown" } as const;

const forgetJobs = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("toolgateJobs")
    .withIndex("by_expiresAt", (q) => q.lt("expiresAt", now))
    .take(BATCH);
  for (const job of rows) {
    // A job that never ended has lost its watchdog as well as its worker. It is kept on, so that its caller can read how it ended.
    if (isOver(job)) await tx.db.delete("toolgateJobs", job._id);
    else await endJob(tx, job, job.state === "awaiting_approval" ? expiry(job) : LOST);
  }
  return rows.length;
};

const forgetConnections = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("toolgateGrants")
    .withIndex("by_forgetAt", (q) => q.lt("forgetAt", now))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete("toolgateGrants", _id);
  return rows.length;
};

/** Documents of clients are of use for as long as a copy may be used when the client cannot be reached. */
const DOCUMENT_MS = 30 * 24 * 60 * 60 * 1000;

const forgetDocuments = async (tx: GateTx, now: number): Promise<number> => {
  const rows = await tx.db
    .query("toolgateClientDocuments")
    .withIndex("by_fetchedAt", (q) => q.lt("fetchedAt", now - DOCUMENT_MS))
    .take(BATCH);
  for (const { _id } of rows) await tx.db.delete("toolgateClientDocuments", _id);
  return rows.length;
};

const sweptValidator = () =>
  v.object({
    results: v.number(),
    jobs: v.number(),
    streams: v.number(),
    states: v.number(),
    questions: v.number(),
    connections: v.number(),
    devices: v.number(),
    documents: v.number(),
  });

type Swept = Infer<ReturnType<typeof sweptValidator>>;

/**
 * The definition of the internal mutation that a cron runs every 10 minutes. It runs itself again at once if a table has more expired rows,
 * and starts what the audit log needs: its sealing, its count, the removal of what is older than the app keeps. It returns how many rows it handled, by kind.
 */
export const sweeping = ({ dir, audit }: Pick<Toolgate, "dir" | "audit">) => ({
  get args() {
    return {};
  },
  get returns() {
    return sweptValidator();
  },
  handler: async (tx: GateTx): Promise<Swept> => {
    const now = Date.now();
    const swept = {
      results: await forget(tx, "toolgateIdempotency", now),
      jobs: await forgetJobs(tx, now),
      streams: await forget(tx, "toolgateStreamLeases", now),
      states: await forget(tx, "toolgateUsedStates", now),
      questions: await forget(tx, "toolgateQuestions", now),
      connections: await forgetConnections(tx, now),
      devices: await forget(tx, "toolgateDeviceCodes", now),
      documents: await forgetDocuments(tx, now),
    };
    await countAtTimes(tx, dir, now);
    await tendRecord(tx, { dir, audit }, now);
    if (Object.values(swept).includes(BATCH))
      await tx.scheduler.runAfter(0, makeFunctionReference<"mutation">(`${dir}/jobs:sweep`), {});
    return swept;
  },
});
