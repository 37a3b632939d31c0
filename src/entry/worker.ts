/** The door for `worker.ts` of the glue. */
import { internalActionGeneric } from "convex/server";
import { runJob } from "../jobs/worker";
import type { Toolgate } from "../registry/toolgate";

/**
 * The action that runs a long operation as a job.
 *
 * @returns the export of `worker.ts`.
 */
export const workerModule = (app: Toolgate) => ({ run: internalActionGeneric(runJob(app)) });
