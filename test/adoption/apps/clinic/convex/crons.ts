import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";

const crons = cronJobs();

crons.interval("run due jobs", { minutes: 5 }, internal.jobs.runDue);
crons.daily("nightly", { hourUTC: 3, minuteUTC: 17 }, internal.jobs.runDue, {});

export default crons;
