/** What a stream tells of one request beside its reply: progress and log messages. */
import { LOG_LEVELS, type LogLevel } from "../data/logLevel";
import type { JobEvent, Progress } from "../data/values";

export type ProgressToken = string | number;

/** What the client wants to hear of. */
export interface Wanted {
  /** No progress without one. */
  readonly progressToken?: ProgressToken | undefined;
  /** The least level; no messages without one. */
  readonly logLevel?: LogLevel | undefined;
}

/** Tells a client how its request comes along. */
export interface Notifier {
  /** What the tool says. */
  readonly tell: (event: JobEvent) => void;
  /** Any other notification, by its name after `notifications/`. */
  readonly notify: (method: string, params: object) => void;
  /** Sends a request of the server. */
  readonly send: (request: object) => void;
  /** Nothing new, but still at it. */
  readonly beat: () => void;
}

const isWanted = (level: string, least: LogLevel | undefined): boolean =>
  least !== undefined &&
  (LOG_LEVELS as readonly string[]).indexOf(level) >= LOG_LEVELS.indexOf(least);

/**
 * The notifier of one stream.
 *
 * Progress only grows, as the spec demands (2025-11-25 and 2026-07-28, basic/utilities/progress); a beat adds next to nothing.
 */
export const notifier = (
  { progressToken, logLevel }: Wanted,
  send: (notification: object) => void,
): Notifier => {
  let last: Progress = { done: -1 };
  const notify = (method: string, params: object) => {
    send({ jsonrpc: "2.0", method: `notifications/${method}`, params });
  };
  const report = (progress: Progress) => {
    if (progressToken === undefined || progress.done <= last.done) return;
    last = progress;
    const { done, total, message } = progress;
    notify("progress", { progressToken, progress: done, total, message });
  };
  return {
    tell: ({ progress, log }) => {
      if (progress !== undefined) report(progress);
      if (log !== undefined && isWanted(log.level, logLevel)) notify("message", log);
    },
    notify,
    send,
    beat: () => {
      const { done, total } = last;
      // Too little to get in the way of the tool's own next step.
      const next = done < 0 ? 0 : done + Math.max(1e-6, done * 1e-12);
      report(total === undefined || next <= total ? { ...last, done: next } : { done: next });
    },
  };
};
