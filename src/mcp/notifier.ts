/** Sends notifications about one request on its stream: progress and log messages. */
import { LOG_LEVELS, type LogLevel } from "../data/logLevel";
import type { JobEvent, Progress } from "../data/values";

export type ProgressToken = string | number;

/** The notifications that the client wants. */
export interface Wanted {
  /** Without a token there is no progress. */
  readonly progressToken?: ProgressToken | undefined;
  /** The lowest level; without it there are no log messages. */
  readonly logLevel?: LogLevel | undefined;
}

/** Tells a client about its request while that runs. */
export interface Notifier {
  /**
   * Sends progress or a log message of the tool, if the client wants it. A report of a job is sent once, however often it is seen; those
   * with the number 0 stand in no row.
   */
  readonly tell: (event: JobEvent) => void;
  /** Sends any other notification, by its name after `notifications/`. */
  readonly notify: (method: string, params: object) => void;
  /** Sends a request of the server. */
  readonly send: (request: object) => void;
  /** Shows that the request still runs, when there is nothing new. */
  readonly beat: () => void;
}

const isWanted = (level: string, least: LogLevel | undefined): boolean =>
  least !== undefined &&
  (LOG_LEVELS as readonly string[]).indexOf(level) >= LOG_LEVELS.indexOf(least);

/**
 * The notifier of one stream.
 *
 * Progress must grow with each notification (MCP 2025-11-25 and 2026-07-28, basic/utilities/progress). So a beat adds a tiny amount.
 *
 * @param send - sends one JSON-RPC message to the client.
 */
export const notifier = (
  { progressToken, logLevel }: Wanted,
  send: (notification: object) => void,
): Notifier => {
  let last: Progress = { done: -1 };
  let told = 0;
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
    tell: ({ seq, progress, log }) => {
      if (seq > 0 && seq <= told) return;
      told = Math.max(told, seq);
      if (progress !== undefined) report(progress);
      if (log !== undefined && isWanted(log.level, logLevel)) notify("message", log);
    },
    notify,
    send,
    beat: () => {
      const { done, total } = last;
      // Small enough to stay below the next step that the tool reports.
      const next = done < 0 ? 0 : done + Math.max(1e-6, done * 1e-12);
      report(total === undefined || next <= total ? { ...last, done: next } : { done: next });
    },
  };
};
