/** The mutations with which a worker takes a job, renews its lease on it, and ends it. */
import { v, type Infer } from "convex/values";
import { missingKinds } from "../asking/asked";
import { constraintsOn } from "../auth/credential";
import { fixedOn } from "../auth/fixed";
import { restrictionsOf, standingOf } from "../auth/grant";
import { mayAct } from "../auth/mayAct";
import { stopped } from "../auth/stop";
import { defined } from "../base/defined";
import { digest } from "../base/digest";
import { inputArgument, inputValidator } from "../data/arguments";
import type { Doc, GateTx } from "../data/database";
import type { Failure } from "../data/call";
import { isFault, type Asked, type Ended } from "../data/outcome";
import { principalValidator } from "../data/principal";
import { constraintValidator, endedValidator } from "../data/values";
import {
  ANSWER_MS,
  begun,
  endJob,
  findJob,
  isRevoked,
  LEASE_MS,
  mustStop,
  type JobEnd,
} from "./job";
import type { Toolgate } from "../registry/toolgate";
import { ASKED_AFTER, endOfLate, hasDonePart, STOPPED_BEFORE } from "./ends";
import {
  beginAgain,
  goesOnValidator,
  goOn,
  notBegunValidator,
  type GoesOn,
  type NotBegun,
} from "./goOn";

/** The validator of `Asked`. */
const askedValidator = () => v.object({ state: v.literal("asked"), requests: v.string() });

const claimedValidator = () =>
  v.object({
    tool: v.string(),
    arguments: v.string(),
    principal: principalValidator(),
    input: v.optional(inputValidator()),
    /** The key's constraints on the tool, as they are now. */
    constraints: v.optional(v.record(v.string(), constraintValidator())),
    /** The names of the arguments that the key fixed when the job was admitted. */
    fixed: v.optional(v.array(v.string())),
    checkpoint: v.optional(v.string()),
  });

/** The part of a job that a worker has taken. `arguments` and `checkpoint` are JSON text. */
export type Claimed = Infer<ReturnType<typeof claimedValidator>>;

const CHANGED = { code: "not_allowed", message: "The API key has changed since. Call again." };

/** Whether the key fixes another value now than the job would run with. */
const isOverruled = async (tx: GateTx, job: Doc<"toolgateJobs">): Promise<boolean> => {
  const target = { kind: "tool", name: job.tool } as const;
  const fixed = fixedOn(restrictionsOf(await standingOf(tx.db, job)), target);
  if (fixed === undefined) return false;
  const args = JSON.parse(job.arguments ?? "{}") as object;
  return (await digest(args)) !== (await digest({ ...args, ...fixed }));
};

/** Returns how a queued job must end instead of starting, or of going on; undefined if it may. */
const unfit = async (
  tx: GateTx,
  app: Toolgate,
  job: Doc<"toolgateJobs">,
): Promise<JobEnd | undefined> => {
  if (job.leaseUntil <= Date.now()) return endOfLate(job);
  if (await isRevoked(tx.db, job)) return { state: "cancelled" };
  if (!(await mayAct(tx, app, job))) return { state: "cancelled" };
  const insteadOf = (failure: Failure): JobEnd =>
    hasDonePart(job) ? { state: "cancelled" } : { state: "failed", failure };
  if (stopped() !== undefined) return insteadOf(STOPPED_BEFORE);
  return (await isOverruled(tx, job)) ? insteadOf(CHANGED) : undefined;
};

type OfWorker = { jobId: string; worker: string };

const claimedOf = async (
  tx: GateTx,
  { tool, input, ...job }: Doc<"toolgateJobs">,
): Promise<Claimed> => {
  const { arguments: args = "{}", subject, tenant, role, keyId, grantId, operation } = job;
  const { fixed, checkpoint } = job;
  return {
    tool,
    arguments: args,
    principal: { subject, tenant, role, keyId, operation, ...defined({ grantId }) },
    ...defined({
      input: input && inputArgument(input),
      constraints: constraintsOn(restrictionsOf(await standingOf(tx.db, job)), tool),
      fixed,
      checkpoint,
    }),
  };
};

/** Whether the worker has this job already, and asks again because it got no answer. It has not begun then. */
const hasClaimed = (job: Doc<"toolgateJobs">, worker: string): boolean =>
  job.state === "working" && job.worker === worker && job.arguments !== undefined;

/**
 * The definition of the mutation with which a worker takes a queued job. It returns null if the job is not queued, has waited too
 * long, its key was revoked, or its person may not act; all but the first end the job. The same worker may ask again, before it begins.
 */
export const claimJob = (app: Toolgate) => ({
  get args() {
    return { jobId: v.string(), worker: v.string() };
  },
  get returns() {
    return v.union(claimedValidator(), v.null());
  },
  handler: async (tx: GateTx, { jobId, worker }: OfWorker): Promise<Claimed | null> => {
    const job = await findJob(tx.db, jobId);
    if (job === null) return null;
    if (hasClaimed(job, worker)) return claimedOf(tx, job);
    if (job.state !== "queued") return null;
    const end = await unfit(tx, app, job);
    if (end !== undefined) {
      await endJob(tx, job, end);
      return null;
    }
    const now = Date.now();
    await tx.db.patch("toolgateJobs", job._id, {
      state: "working",
      worker,
      updatedAt: now,
      leaseUntil: now + LEASE_MS,
    });
    return claimedOf(tx, job);
  },
});

/** The definition of the mutation with which a worker renews its lease, by `LEASE_MS` from now. */
export const renewJob = {
  get args() {
    return { jobId: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (tx: GateTx, { jobId }: { jobId: string }): Promise<null> => {
    const job = await findJob(tx.db, jobId);
    if (job?.state === "working") {
      await tx.db.patch("toolgateJobs", job._id, {
        ...begun(job),
        leaseUntil: Date.now() + LEASE_MS,
      });
    }
    return null;
  },
};

/**
 * Returns the end of a job whose tool has run. Only a ConvexError that the tool threw on purpose counts as `failed`. Any other error
 * may have come in the middle of its work, and a result that cannot be told comes after it, so the job ends as `unknown`.
 */
const endOf = async (tx: GateTx, job: Doc<"toolgateJobs">, outcome: Ended): Promise<JobEnd> => {
  if (outcome.state !== "failed") {
    return { state: "succeeded", result: outcome.result ?? undefined };
  }
  const { code, message } = outcome;
  const wasTold = job.cancelRequested || (await mustStop(tx.db, job));
  if (wasTold && code === "cancelled") return { state: "cancelled" };
  return { state: isFault(outcome) ? "unknown" : "failed", failure: { code, message } };
};

/**
 * Lets a job wait until its requests are answered: see answer.ts. The job fails if the client cannot answer such requests, and ends if
 * somebody has approved it: such a tool asks in its `precheck`.
 */
const park = async (tx: GateTx, job: Doc<"toolgateJobs">, asked: Asked): Promise<void> => {
  if (job.approval !== undefined) return endJob(tx, job, ASKED_AFTER);
  const { can = [], answers = "{}" } = job.input ?? {};
  const missing = missingKinds(asked, can);
  if (missing.length > 0) {
    const message = `The job needs a client with the capability ${missing.join(", ")}.`;
    return endJob(tx, job, { state: "failed", failure: { code: "missing_capability", message } });
  }
  const now = Date.now();
  await tx.db.patch("toolgateJobs", job._id, {
    state: "input_required",
    input: { can, answers, requests: asked.requests },
    updatedAt: now,
    leaseUntil: now + ANSWER_MS,
  });
};

/**
 * The definition of the mutation that takes a run's outcome: how the tool ended, its requests, that it goes on in another action, or that
 * it has not begun. It counts once, and only from the worker that has the job. An ended job stays as it is.
 */
export const finishJob = (dir: string) => ({
  get args() {
    return {
      jobId: v.string(),
      worker: v.string(),
      outcome: v.union(endedValidator(), askedValidator(), goesOnValidator(), notBegunValidator()),
    };
  },
  get returns() {
    return v.null();
  },
  handler: async (
    tx: GateTx,
    { jobId, worker, outcome }: OfWorker & { outcome: Ended | Asked | GoesOn | NotBegun },
  ): Promise<null> => {
    const job = await findJob(tx.db, jobId);
    if (job?.state !== "working" || job.worker !== worker) return null;
    if (outcome.state === "asked") await park(tx, job, outcome);
    else if (outcome.state === "goes_on") await goOn(tx, dir, job, outcome);
    else if (outcome.state === "not_begun") await beginAgain(tx, dir, job);
    else await endJob(tx, job, await endOf(tx, job, outcome));
    return null;
  },
});
