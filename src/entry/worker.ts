/** For `worker.ts` of the glue. */
import { internalActionGeneric } from "convex/server";
import { runJob } from "../jobs/worker";
import type { Toolgate } from "../registry/toolgate";

/** The action in which a long operation runs. */
export const workerModule = (app: Toolgate) => ({ run: internalActionGeneric(runJob(app)) });
