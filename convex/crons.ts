/** The functions that Convex runs on a schedule. */
import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("sweep the gate's tables", { minutes: 10 }, internal.toolgate.jobs.sweep, {});

export default crons;
