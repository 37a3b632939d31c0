/** Reads the state of a job. Not in src/jobs, because the HTTP action needs it too. */
import { failed, type Ended } from "./outcome";
import type { JobState } from "./values";

/** How long an ended job can be read, in milliseconds. */
export const JOB_KEPT_MS = 48 * 60 * 60 * 1000;

/** Whether the state is final. */
export const isOver = ({ state }: { readonly state: JobState }): boolean =>
  state !== "awaiting_approval" &&
  state !== "queued" &&
  state !== "working" &&
  state !== "input_required";

/**
 * Says that a call waits until somebody approves it, for the caller's model and its user.
 *
 * @param until - when it expires, in milliseconds since 1970.
 */
export const waitingText = ({
  reason,
  until,
}: {
  readonly reason: string;
  readonly until: number;
}): string =>
  `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}.`;

/** The fields of a job's row that say how it ended. `result` is JSON text. */
export interface Ending {
  readonly state: JobState;
  readonly result?: string | undefined;
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
}

/** Returns the outcome of a job, as its caller sees it; undefined while the job runs. */
export const outcomeOf = ({ state, result, failure }: Ending): Ended | undefined => {
  switch (state) {
    case "succeeded":
      return { state: "succeeded", result: result ?? null };
    case "failed":
      return failed(failure?.code ?? "failed", failure?.message ?? "The job failed.");
    case "denied":
    case "expired":
      return failed(failure?.code ?? state, failure?.message ?? "Nothing was done.");
    case "cancelled":
      return failed(
        "cancelled",
        failure?.message ?? "The job was cancelled. What it did before that may remain.",
      );
    case "unknown":
      return failed(
        "outcome_unknown",
        `${failure?.message ?? "The server lost the job."} It may have done part of its work: read the data before you try again.`,
      );
    default:
      return undefined;
  }
};
