/** Makes every Response, so that no reply lacks a header that it must have. */
import { withoutKeys } from "../base/text";
import type { JsonRpcId } from "./jsonrpc";

/** The headers of every reply: no proxy may cache it, and no browser may guess its type. */
export const safeHeaders = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/**
 * A JSON reply.
 *
 * @param text - the body, which is already JSON.
 * @param status - the HTTP status; 200 unless stated.
 */
export const json = (text: string, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(text, {
    status,
    headers: { "Content-Type": "application/json", ...safeHeaders, ...headers },
  });

/** A reply without a body. */
export const empty = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { ...safeHeaders, ...headers } });

/**
 * A refusal at the HTTP level. Its body is a JSON-RPC error without an id, so that MCP clients can show it (2026-07-28,
 * basic/transports). Its code is the HTTP status, because JSON-RPC reserves -32768 to -32000 and MCP forbids undefined codes in that
 * range.
 */
export const reject = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response => json(errorText({ code: status, message }), status, headers);

/** The text of a JSON-RPC error response. Without `id` the member is left out, since the 2026-07-28 schema forbids null. */
export const errorText = (
  error: { code: number; message: string; data?: unknown },
  id?: JsonRpcId,
): string => JSON.stringify({ jsonrpc: "2.0", id, error });

/** Name, message and frames. On Convex `stack` holds the frames only; elsewhere it repeats the message before them. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const [frames = ""] = /^ +at .*/ms.exec(error.stack ?? "") ?? [];
  return `${error.name}: ${error.message}\n${frames}`.trimEnd();
};

/**
 * Logs `error` under a new id. API keys are removed from the log, because Convex's own errors quote arguments.
 *
 * @param what - the first sentence of the message, for the client.
 * @returns the message for the client, which tells only that id.
 */
export const logError = (error: unknown, what: string): string => {
  const errorId = crypto.randomUUID();
  console.error(`toolgate: internal error ${errorId}: ${withoutKeys(describe(error))}`);
  return `${what} Quote ${errorId} to the operator.`;
};

/** Logs `error` like `logError`. The client is told that there was an internal error. */
export const logInternalError = (error: unknown): string => logError(error, "Internal error.");

/** A 500 for an unexpected error, which is logged. The client learns only the id of the log entry. */
export const internalErrorResponse = (error: unknown): Response =>
  json(errorText({ code: -32603, message: logInternalError(error) }), 500);

/** Answers any request with 404, as JSON. */
export const notFound = (): Promise<Response> => Promise.resolve(reject(404, "Not found"));
