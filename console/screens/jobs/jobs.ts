/** What the jobs screen says of one job. */
import type { JobInfo } from "../../../src/operate/jobInfo";
import { durationText, spanText } from "../../parts/spans";
import { visibleLine } from "../../text/plain";

const OVER: readonly JobInfo["state"][] = [
  ...(["succeeded", "failed", "cancelled", "denied", "expired", "unknown"] as const),
];

export const isOver = ({ state }: Pick<JobInfo, "state">): boolean => OVER.includes(state);

/** How far it is, from 0 to 100; undefined if the job does not say. */
export const percentOf = ({ progress }: Pick<JobInfo, "progress">): number | undefined => {
  if (progress?.total === undefined || progress.total <= 0) return undefined;
  return Math.max(0, Math.min(100, (100 * progress.done) / progress.total));
};

/** `1,200 of 5,000: line 1,200`. */
export const progressText = ({ progress }: Pick<JobInfo, "progress">): string | undefined => {
  if (progress === undefined) return undefined;
  const { done, total, message } = progress;
  const count =
    total === undefined
      ? done.toLocaleString()
      : `${done.toLocaleString()} of ${total.toLocaleString()}`;
  return message === undefined ? count : `${count}: ${visibleLine(message)}`;
};

/** How long it has run, or ran; a dash if nobody approved it, so that it never ran. */
export const lengthText = (
  job: Pick<JobInfo, "state" | "createdAt" | "ms">,
  now: number,
): string => {
  if (!isOver(job)) return spanText(Math.max(0, now - Date.parse(job.createdAt)));
  return job.ms === undefined ? "–" : durationText(job.ms);
};

/** What cancelling it means. */
export const cancelText = ({ state }: Pick<JobInfo, "state">): string => {
  if (state === "queued") return "It has not begun. It ends now, and nothing is done.";
  return "Stops at its next step; what it did stays.";
};
