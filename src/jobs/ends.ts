/** Ends of a job that say nothing against its tool, and of a call that somebody must approve. */
import { STOPPED } from "../auth/stop";
import { inQuotes } from "../base/plainText";
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

const HOUR_MS = 60 * 60_000;

const hours = (ms: number): string => {
  const count = Math.round(ms / HOUR_MS);
  return count === 1 ? "1 hour" : `${String(count)} hours`;
};

/** The end of a call that nobody has decided on in time. */
export const expiry = ({ approval }: Pick<Doc<"toolgateJobs">, "approval">): JobEnd => {
  const within =
    approval === undefined ? "" : ` within ${hours(approval.until - approval.askedAt)}`;
  const message = `Nobody decided${within}. Nothing was done. Ask the user before you call again.`;
  return { state: "expired", failure: { code: "approval_expired", message } };
};

/** How long the answer of an approved query can be read, in milliseconds. It runs each time anew, and the yes was for now. */
export const READABLE_MS = HOUR_MS;

/** The end of an approved query whose caller comes for the answer too late. */
export const READ_TOO_LATE: JobEnd = {
  state: "expired",
  failure: {
    code: "approval_expired",
    message: `The answer could be read for ${hours(READABLE_MS)} after the approval. Call it again: a person must approve it anew.`,
  },
};

/** The end of a call that was cancelled while it waited. */
export const WITHDRAWN: JobEnd = {
  state: "cancelled",
  failure: {
    code: "cancelled",
    message: "The call was withdrawn before anyone decided. Nothing was done.",
  },
};

/** The end of a call that somebody has denied. @param note - for the agent, in that person's words. */
export const denial = (note: string | undefined): JobEnd => ({
  state: "denied",
  failure: {
    code: "denied",
    message: `A person denied this${note === undefined ? "" : `: ${inQuotes(note, 500)}`}. Nothing was done. Do not repeat it or try another way; tell the user.`,
  },
});

/** The end of an approved job whose tool asks its client while it runs: the answers would decide on what nobody has read who approved it. */
export const ASKED_AFTER: JobEnd = {
  state: "unknown",
  failure: {
    code: "asked_after_approval",
    message: "The tool asked the user something after a person had approved the call.",
  },
};

/** The failure of a call that no rule holds any more: it would run at once, and may have been made again since. */
export const NOT_NEEDED = {
  code: "approval_not_needed",
  message: "Nobody need approve this call any more. Nothing was done; call it again.",
};

/** The failure of an approved call whose tool asks its client something that it did not ask before. */
export const ASKS_AGAIN = {
  code: "asks_again",
  message: "The tool asks the user something new since. Nothing was done; call it again.",
};
