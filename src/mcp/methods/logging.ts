/** Answers logging/setLevel (2025 revisions). */
import { isLogLevel, LOG_LEVELS } from "../../data/logLevel";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import type { Handle } from "../exchange";

/**
 * Accepts a level without effect. Nothing is remembered between requests, so every stream carries messages from `info` on.
 *
 * @throws RpcError -32602 for an unknown level.
 */
export const setLevel: Handle = ({ message }) => {
  if (isLogLevel(message.params.level)) return Promise.resolve({});
  throw new RpcError(
    ErrorCode.InvalidParams,
    `Invalid params: "level" must be one of ${LOG_LEVELS.join(", ")}`,
  );
};
