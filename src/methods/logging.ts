/** logging/setLevel (2025 revisions). */
import type { Method } from "../dispatcher";
import { ErrorCode, RpcError } from "../jsonrpc";

/** RFC 5424 severities, least first. */
export const LOG_LEVELS = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const isLogLevel = (value: unknown): value is LogLevel =>
  (LOG_LEVELS as readonly unknown[]).includes(value);

/** Accepts a level. Nothing is remembered between requests, so every stream carries messages from `info` on. */
export const setLevel: Method = ({ message }) => {
  if (isLogLevel(message.params.level)) return Promise.resolve({});
  throw new RpcError(
    ErrorCode.InvalidParams,
    `Invalid params: "level" must be one of ${LOG_LEVELS.join(", ")}`,
  );
};
