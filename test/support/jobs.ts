/** The jobs of an app of the tests that has tools of its own. */
import { internal } from "../../convex/_generated/api";
import { internalAction } from "../../convex/_generated/server";
import type { JobStart } from "../../src/jobs/start";
import { runJob } from "../../src/jobs/worker";
import type { Registry } from "../../src/tools";

/** For the settings of the admission. */
export const jobStart: JobStart = { run: internal.worker.run, expire: internal.jobs.expire };

/** Stands in for the app's worker module. */
export const workerWith = (tools: Registry) => ({
  run: internalAction(
    runJob({
      tools,
      explain: internal.catalog.explain,
      claim: internal.jobs.claim,
      renew: internal.jobs.renew,
      finish: internal.jobs.finish,
    }),
  ),
});
