import { cronJobs } from "convex/server";
import { internal } from "./_generated/api";
const crons = cronJobs();
crons.interval("sweep the tables of toolgate", { minutes: 10 }, internal.toolgate.jobs.sweep, {});
export default crons;
