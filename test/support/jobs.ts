/** The jobs of an app of the tests that has tools of its own. */
import { internal } from "../../convex/_generated/api";
import { internalAction } from "../../convex/_generated/server";
import { runJob } from "../../src/jobs/worker";
import type { Tools } from "../../src/registry/tools";

/** Stands in for the app's worker module. */
export const workerWith = (tools: Tools) => ({
  run: internalAction(runJob({ tools, functions: internal })),
});
