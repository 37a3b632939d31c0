/** Ends of a job that say nothing against its tool. */
import { STOPPED } from "../auth/stop";
import { refusal } from "../base/refuse";

/** The failure of a job that Convex had no room for in time. */
export const NOT_STARTED = {
  code: "not_started",
  message: "The server was too busy to start the job. Nothing was done; try again.",
};

/** The failure of a job that the operator has stopped before it began. It may run again. */
export const STOPPED_BEFORE = { code: "not_started", message: STOPPED.writes };

/** Makes the ConvexError `cancelled` that an action throws to end as cancelled. */
export const cancellation = () => refusal("cancelled", "The job was cancelled.");
