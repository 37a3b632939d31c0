/** What becomes of a request for which Convex has no room. */
import { isConvexError } from "../base/convexError";
import { RpcError } from "../wire/jsonrpc";

/** How Convex's own errors begin, with their code or without. One that an app throws begins with `Uncaught`. */
const OVERLOAD =
  /^(?:\w+: )?(?:Documents read from or written to .+ changed while this mutation was being run|Too many concurrent )/;

/** Convex gave up: on write conflicts after its own retries, or because no slot was free. Nothing was done. */
const isOverload = (error: unknown): boolean =>
  error instanceof Error && !isConvexError(error) && OVERLOAD.test(error.message);

/** The error for a caller who can simply try again; undefined for any other error. */
export const busy = (error: unknown): RpcError | undefined => {
  if (!isOverload(error)) return undefined;
  console.warn("toolgate: Convex gave up", error);
  return new RpcError(503, "The server is busy. Try again.", {
    status: 503,
    headers: { "Retry-After": "1" },
  });
};
