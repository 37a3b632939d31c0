/** The client's answers to a job that asks. Once every request has an answer, the tool runs again from its start. */
import { v } from "convex/values";
import { answersTo, givenTo, questionsOf, type Answers, type Question } from "../asking/answers";
import type { OpenRequests } from "../asking/misfit";
import { fromTaskKeys, timesAnswered } from "../asking/taskKeys";
import { isLongerThan } from "../base/text";
import type { Doc, GateTx } from "../data/database";
import { failed, type Outcome } from "../data/outcome";
import { identityValidator, type Identity } from "../data/principal";
import { endedOf, findOwnJob, MAX_IN_ROW, QUEUE_MS, resume } from "./job";
import { watchdogRef, workerRef } from "./start";

type Responses = Readonly<Record<string, unknown>>;

/** Picks the answers to the open questions, which are under the keys of their requests. */
type Picks = (questions: Readonly<Record<string, Question>>, earlier: Answers) => Answers;

/** Queues a job again, with a new watchdog: the old one may still wait for the end of the time to answer. */
const requeue = async (tx: GateTx, dir: string, { jobId }: Doc<"toolgateJobs">) => {
  await tx.scheduler.runAfter(0, workerRef(dir), { jobId });
  await tx.scheduler.runAfter(QUEUE_MS, watchdogRef(dir), { jobId });
};

const counted = (given: Answers, earlier: Answers): Answers =>
  Object.fromEntries(
    Object.entries(given).map(([key, answer]) => [
      key,
      { ...answer, times: timesAnswered(earlier, key) + 1 },
    ]),
  );

/**
 * Keeps the answers to open requests, and ignores the others. If the row cannot hold them, it keeps none and the
 * requests stay open.
 */
const take = async (tx: GateTx, dir: string, job: Doc<"toolgateJobs">, pick: Picks) => {
  if (job.state !== "input_required" || job.input?.requests === undefined) return;
  const requests = JSON.parse(job.input.requests) as OpenRequests;
  const earlier = JSON.parse(job.input.answers) as Answers;
  const given = counted(pick(await questionsOf(requests), earlier), earlier);
  const open = Object.entries(requests).filter(([key]) => !Object.hasOwn(given, key));
  const answers = JSON.stringify({ ...earlier, ...given });
  if (isLongerThan(`${job.arguments ?? ""}${answers}`, MAX_IN_ROW)) return;
  const input = { can: job.input.can, answers };
  const now = Date.now();
  if (open.length > 0) {
    const rest = JSON.stringify(Object.fromEntries(open));
    await tx.db.patch("toolgateJobs", job._id, {
      input: { ...input, requests: rest },
      updatedAt: now,
    });
    return;
  }
  await tx.db.patch("toolgateJobs", job._id, {
    input,
    state: "queued",
    updatedAt: now,
    leaseUntil: now + QUEUE_MS,
  });
  await requeue(tx, dir, job);
};

/**
 * Handles a call that comes back to its job with answers.
 *
 * @param dir - the folder of the glue.
 * @returns how the job ended, or that it runs. `not_found` if the caller has no such job.
 */
export const rejoin = async (
  tx: GateTx,
  dir: string,
  principal: Identity,
  jobId: string,
  answers: Answers,
): Promise<Outcome> => {
  const job = await findOwnJob(tx.db, jobId, principal);
  if (job === null) return failed("not_found", "No such job.");
  await take(tx, dir, job, (questions) => givenTo(questions, answers));
  return endedOf(job) ?? (await resume(tx, job)) ?? failed("not_found", "No such job.");
};

type AnswerJob = { jobId: string; principal: Identity; responses: string };

/** The definition of the mutation behind `tasks/update`. `responses` is JSON text, under the keys of the task. An unknown job is ignored. */
export const answerJob = (dir: string) => ({
  get args() {
    return { jobId: v.string(), principal: identityValidator(), responses: v.string() };
  },
  get returns() {
    return v.null();
  },
  handler: async (tx: GateTx, { jobId, principal, responses }: AnswerJob): Promise<null> => {
    const job = await findOwnJob(tx.db, jobId, principal);
    const sent = JSON.parse(responses) as Responses;
    const picks: Picks = (questions, earlier) =>
      answersTo(questions, fromTaskKeys(Object.keys(questions), earlier, sent));
    if (job !== null) await take(tx, dir, job, picks);
    return null;
  },
});
