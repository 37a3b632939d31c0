/** Progress notifications of one request. */
import type { Progress } from "./jobs/job";

export type ProgressToken = string | number;

/** Tells a client how far its request has come. */
export interface ProgressReporter {
  /** What the tool says. */
  readonly report: (progress: Progress) => void;
  /** Nothing new, but still at it. */
  readonly beat: () => void;
}

/**
 * The reporter of one stream; a silent one if the client gave no token.
 *
 * Sends only growing numbers, as the spec demands (2025-11-25 and 2026-07-28, basic/utilities/progress); a beat adds next to nothing.
 */
export const progressReporter = (
  progressToken: ProgressToken | undefined,
  send: (notification: object) => void,
): ProgressReporter => {
  let last: Progress = { done: -1 };
  const emit = (progress: Progress) => {
    if (progressToken === undefined || progress.done <= last.done) return;
    last = progress;
    const { done, total, message } = progress;
    send({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken, progress: done, total, message },
    });
  };
  return {
    report: emit,
    beat: () => {
      const { done, total } = last;
      // Too little to get in the way of the tool's own next step.
      const next = done < 0 ? 0 : done + Math.max(1e-6, done * 1e-12);
      emit(total === undefined || next <= total ? { ...last, done: next } : { done: next });
    },
  };
};
