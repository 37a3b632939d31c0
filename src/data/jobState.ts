/** What the state of a job means. Apart from `jobs/`, since the HTTP action tells clients of it too. */
import { failed, type Ended } from "./outcome";
import type { JobState } from "./values";

/** How long a job that has ended can be read. */
export const JOB_KEPT_MS = 48 * 60 * 60 * 1000;

export const isOver = ({ state }: { readonly state: JobState }): boolean =>
  state !== "queued" && state !== "working" && state !== "input_required";

/** What a job's row says of how it ended. */
export interface Ending {
  readonly state: JobState;
  readonly result?: string | undefined;
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

/** How a job ended, for the caller who asked for it; undefined while it runs. */
export const outcomeOf = ({ state, result, failure }: Ending): Ended | undefined => {
  switch (state) {
    case "succeeded":
      return { state: "succeeded", result: result ?? null };
    case "failed":
      return failed(failure?.code ?? "failed", failure?.message ?? "The job failed.");
    case "cancelled":
      return failed("cancelled", "The job was cancelled. What it did before that may remain.");
    case "unknown":
      return failed(
        "outcome_unknown",
        `${failure?.message ?? "The server lost the job."} It may have done part of its work: read the data before you try again.`,
      );
    default:
      return undefined;
  }
};
