/** Answers requests that Convex has no capacity for. */
import type { Overloaded } from "../runner/runner";
import { RpcError } from "../wire/jsonrpc";

/** The most seconds in `Retry-After`. They are spread, so that those who were refused together do not come back together. */
const LONGEST_S = 3;

/**
 * The error for a client that can simply call again: 503 with `Retry-After`. Its data says the same seconds, for a message in a batch
 * or on a stream, which has no status and no headers of its own.
 */
export const busy = ({ cause }: Overloaded): RpcError => {
  console.warn("toolgate: Convex gave up", cause);
  const retryAfter = 1 + Math.floor(Math.random() * LONGEST_S);
  return new RpcError(503, "The server is busy. Try again.", {
    status: 503,
    headers: { "Retry-After": String(retryAfter) },
    data: { retryAfter },
  });
};
