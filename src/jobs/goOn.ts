/**
 * Lets a job go on in another action. Convex ends an action after 30 minutes, so a tool that takes longer ends its part with a
 * checkpoint. All else is that of the one job: its row, its idempotency key, its progress, its end in the audit log.
 */
import { v, type Infer } from "convex/values";
import type { Doc, GateTx } from "../data/database";
import { endOfLate, hasDonePart } from "./ends";
import { endJob, mustStop } from "./job";
import { workerRef } from "./start";

/**
 * How long a job may wait for the action of its next part, in milliseconds. It is longer than the wait of a new job, since what has been
 * done would be lost, and less in a hurry: other jobs may hold all the slots for the length of a part.
 */
const NEXT_PART_MS = 30 * 60_000;

/** How many reports stay in the row while it holds the arguments again: all must fit into 1 MiB. */
const EVENTS_KEPT = 10;

/** The validator of `GoesOn`. */
export const goesOnValidator = () =>
  v.object({
    state: v.literal("goes_on"),
    /** See checkpoint.ts. */
    checkpoint: v.string(),
    /** As the worker was given them: the row has none any more. */
    arguments: v.string(),
    fixed: v.optional(v.array(v.string())),
  });

/** The outcome of a part that is not the last. */
export type GoesOn = Infer<ReturnType<typeof goesOnValidator>>;

/** The validator of `NotBegun`. */
export const notBegunValidator = () => v.object({ state: v.literal("not_begun") });

/** The outcome of a worker that may have taken its job, and does not know. */
export type NotBegun = Infer<ReturnType<typeof notBegunValidator>>;

/**
 * Queues the next part of a job; ends the job if it was cancelled or may go on no longer. Its watchdog is still there.
 *
 * @param part - what the row does not have.
 */
const queue = async (
  tx: GateTx,
  dir: string,
  job: Doc<"toolgateJobs">,
  part: Omit<GoesOn, "state"> | Record<string, never>,
): Promise<void> => {
  if (job.cancelRequested || (await mustStop(tx.db, job)))
    return endJob(tx, job, { state: "cancelled" });
  const now = Date.now();
  await tx.db.patch("toolgateJobs", job._id, {
    ...part,
    state: "queued",
    events: job.events.slice(-EVENTS_KEPT),
    updatedAt: now,
    leaseUntil: now + NEXT_PART_MS,
  });
  await tx.scheduler.runAfter(0, workerRef(dir), { jobId: job.jobId });
};

/** Queues the part after the one that has ended. */
export const goOn = (
  tx: GateTx,
  dir: string,
  job: Doc<"toolgateJobs">,
  { state: _state, ...part }: GoesOn,
): Promise<void> => queue(tx, dir, job, part);

/** Queues a part again that has not begun, or ends a job of which nothing is done. */
export const beginAgain = (tx: GateTx, dir: string, job: Doc<"toolgateJobs">): Promise<void> =>
  hasDonePart(job) ? queue(tx, dir, job, {}) : endJob(tx, job, endOfLate(job));
