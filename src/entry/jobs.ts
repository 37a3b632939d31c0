/** The door for `jobs.ts` of the glue. */
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import { answerQuestion, askQuestions, readResponses } from "../asking/questions";
import { heeding } from "../auth/mayAct";
import { answerJob } from "../jobs/answer";
import { cancelJob, cancelJobOfRequest } from "../jobs/cancel";
import { getJob, stopJob } from "../jobs/jobTools";
import { claimJob, finishJob, renewJob } from "../jobs/lease";
import { watchJob } from "../jobs/read";
import { isJobCancelled, reportJob } from "../jobs/report";
import { expireJob } from "../jobs/start";
import { sweeping } from "../jobs/sweep";
import { renewStreamLease } from "../middleware/renewal";
import type { Toolgate } from "../registry/toolgate";
import { watching } from "../run/changes";

/** The functions for a job's worker and its watchdog. */
const forWorker = (app: Toolgate) => ({
  claim: internalMutationGeneric(claimJob(app)),
  renew: internalMutationGeneric(renewJob),
  report: internalMutationGeneric(reportJob),
  isCancelled: internalQueryGeneric(isJobCancelled),
  finish: internalMutationGeneric(finishJob(app.dir)),
  expire: internalMutationGeneric(expireJob(app.dir)),
});

/** The functions for a client that comes back to its job, and for the job tools. */
const forClient = (app: Toolgate) => ({
  answer: internalMutationGeneric(answerJob(app.dir)),
  cancel: internalMutationGeneric(cancelJob),
  cancelRequest: internalMutationGeneric(cancelJobOfRequest),
  get: internalQueryGeneric(getJob(app)),
  stop: internalMutationGeneric(stopJob(app.tools)),
});

/** The functions for a request that stays open. It polls some of them. */
const forStream = (app: Toolgate) => ({
  watch: internalQueryGeneric(heeding(app, watchJob(app))),
  changes: internalQueryGeneric(heeding(app, watching(app))),
  renewLease: internalMutationGeneric(renewStreamLease),
  ask: internalMutationGeneric(askQuestions),
  respond: internalMutationGeneric(answerQuestion),
  responses: internalQueryGeneric(heeding(app, readResponses)),
});

/**
 * The functions that store long operations and open streams, and `sweep`, which a cron should run every 10 minutes to delete old rows.
 *
 * @returns the exports of `jobs.ts`.
 */
export const jobsModule = (app: Toolgate) => ({
  ...forWorker(app),
  ...forClient(app),
  ...forStream(app),
  sweep: internalMutationGeneric(sweeping(app)),
});
