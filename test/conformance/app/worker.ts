/** The worker of long operations, as in the ERP. */
import { runJob, type JobWork } from "../../../src/jobs/worker";
import { internal, internalAction } from "./server";
import { tools } from "./tools";

const work: JobWork = { tools, functions: internal };

export const run = internalAction(runJob(work));
