import { answerJob } from "../../../src/jobs/answer";
import { cancelJob, cancelJobOfRequest } from "../../../src/jobs/cancel";
import { isJobCancelled, reportJob } from "../../../src/jobs/handle";
import { claimJob, finishJob, renewJob } from "../../../src/jobs/lease";
import { watchJob } from "../../../src/jobs/read";
import { expireJob, type JobStart } from "../../../src/jobs/start";
import { renewStreamLease } from "../../../src/middleware/streamBudget";
import { internal, internalMutation, internalQuery } from "./server";

export const claim = internalMutation(claimJob);
export const renew = internalMutation(renewJob);
export const report = internalMutation(reportJob);
export const isCancelled = internalQuery(isJobCancelled);
export const finish = internalMutation(finishJob);

const start: JobStart = internal;

export const expire = internalMutation(expireJob(start));
export const answer = internalMutation(answerJob(start));

export const watch = internalQuery(watchJob);
export const renewLease = internalMutation(renewStreamLease);
export const cancel = internalMutation(cancelJob);
export const cancelRequest = internalMutation(cancelJobOfRequest);
