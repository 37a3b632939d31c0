import { answerJob } from "../../../src/jobs/answer";
import { cancelJob, cancelJobOfRequest } from "../../../src/jobs/cancel";
import { isJobCancelled, reportJob } from "../../../src/jobs/handle";
import { claimJob, finishJob, renewJob } from "../../../src/jobs/lease";
import { watchJob } from "../../../src/jobs/read";
import { expireJob, type JobStart } from "../../../src/jobs/start";
import { runJob, type JobWork } from "../../../src/jobs/worker";
import { holdStream } from "../../../src/jobs/place";
import { internal, internalAction, internalMutation, internalQuery } from "./server";
import { tools } from "./tools";

const work: JobWork = {
  tools,
  explain: internal.catalog.explain,
  claim: internal.jobs.claim,
  renew: internal.jobs.renew,
  finish: internal.jobs.finish,
};

export const run = internalAction(runJob(work));
export const claim = internalMutation(claimJob);
export const renew = internalMutation(renewJob);
export const report = internalMutation(reportJob);
export const isCancelled = internalQuery(isJobCancelled);
export const finish = internalMutation(finishJob);

const watchdog: Parameters<typeof expireJob>[0] = { expire: internal.jobs.expire };

export const expire = internalMutation(expireJob(watchdog));

const start: JobStart = { run: internal.jobs.run, expire: internal.jobs.expire };

export const answer = internalMutation(answerJob(start));

export const watch = internalQuery(watchJob);
export const hold = internalMutation(holdStream);
export const cancel = internalMutation(cancelJob);
export const cancelRequest = internalMutation(cancelJobOfRequest);
