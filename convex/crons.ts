/** What runs by itself. */
import { cronJobs } from "convex/server";
import { sweeping } from "../src/operate/sweep";
import { internal } from "./_generated/api";
import { internalMutation } from "./_generated/server";

const again: Parameters<typeof sweeping>[0] = { sweep: internal.crons.sweep };

export const sweep = internalMutation(sweeping(again));

const crons = cronJobs();

crons.interval("sweep the gate's tables", { minutes: 1 }, internal.crons.sweep);

export default crons;
