/** The few ways a Response is made here, so that no reply lacks a header it must have. */
import { withoutKeys } from "../base/text";
import type { JsonRpcId } from "./jsonrpc";

/** On every reply: nothing here may be cached by a proxy or sniffed by a browser. */
export const safeHeaders = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

/** @param text - the body, JSON already. */
export const json = (text: string, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(text, {
    status,
    headers: { "Content-Type": "application/json", ...safeHeaders, ...headers },
  });

/** A reply without a body. */
export const empty = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { ...safeHeaders, ...headers } });

/**
 * An HTTP refusal, as an id-less JSON-RPC error so that MCP clients can show it (2026-07-28, basic/transports).
 * The code is the HTTP status: JSON-RPC reserves -32768 to -32000, and MCP forbids undefined codes there.
 */
export const reject = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response => json(errorText({ code: status, message }), status, headers);

/** The text of a JSON-RPC error response; the id is left out when it could not be read (the 2026-07-28 schema forbids null). */
export const errorText = (
  error: { code: number; message: string; data?: unknown },
  id?: JsonRpcId,
): string => JSON.stringify({ jsonrpc: "2.0", id, error });

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Logs `error` under a new id and tells the caller only that id. Convex's own errors quote arguments, so keys are taken out. */
export const logInternalError = (error: unknown): string => {
  const errorId = crypto.randomUUID();
  console.error(`toolgate: internal error ${errorId}: ${withoutKeys(describe(error))}`);
  return `Internal error. Quote ${errorId} to the operator.`;
};

export const internalErrorResponse = (error: unknown): Response =>
  json(errorText({ code: -32603, message: logInternalError(error) }), 500);

/** A handler for paths where there is nothing. */
export const notFound = (): Promise<Response> => Promise.resolve(reject(404, "Not found"));
