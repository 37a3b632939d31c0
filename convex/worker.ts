/** The worker of long operations. */
import { runJob, type JobWork } from "../src/jobs/worker";
import { internal } from "./_generated/api";
import { internalAction } from "./_generated/server";
import { tools } from "./tools";

const work: JobWork = { tools, functions: internal };

export const run = internalAction(runJob(work));
