/** Ends of a job that say nothing against its tool. */
import { STOPPED } from "../auth/stop";
import { refusal } from "../base/refuse";
import type { Doc } from "../data/database";
import type { JobEnd } from "./job";

/** The failure of a job that Convex had no room for in time. */
export const NOT_STARTED = {
  code: "not_started",
  message: "The server was too busy to start the job. Nothing was done; try again.",
};

/** The failure of a job whose next part Convex had no room for in time. */
const NOT_CONTINUED = {
  code: "not_continued",
  message: "The server was too busy to go on with the job.",
};

/** Whether a job that does not run has done a part of its work. */
export const hasDonePart = ({ checkpoint }: Pick<Doc<"toolgateJobs">, "checkpoint">): boolean =>
  checkpoint !== undefined;

/** The end of a queued job that Convex had no room for in time. Only a job that has not begun may run again. */
export const endOfLate = (job: Pick<Doc<"toolgateJobs">, "checkpoint">): JobEnd =>
  hasDonePart(job)
    ? { state: "unknown", failure: NOT_CONTINUED }
    : { state: "failed", failure: NOT_STARTED };

/** The failure of a job that the operator has stopped before it began. It may run again. */
export const STOPPED_BEFORE = { code: "not_started", message: STOPPED.writes };

/** Makes the ConvexError `cancelled` that an action throws to end as cancelled. */
export const cancellation = () => refusal("cancelled", "The job was cancelled.");
