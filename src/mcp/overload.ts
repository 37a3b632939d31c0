/** What becomes of a request for which Convex has no room. */
import { ConvexError } from "convex/values";
import { RpcError } from "../wire/jsonrpc";

/** How Convex's own errors begin, with their code or without. One that an app throws begins with `Uncaught`. */
const OVERLOAD =
  /^(?:\w+: )?(?:Documents read from or written to .+ changed while this mutation was being run|Too many concurrent )/;

/** Convex gave up: on write conflicts after its own retries, or because no slot was free. */
const isOverload = (error: unknown): boolean =>
  error instanceof Error && !(error instanceof ConvexError) && OVERLOAD.test(error.message);

/**
 * For a transaction that did nothing if it failed, so that the caller can simply try again.
 *
 * @throws RpcError 503 with `Retry-After` if Convex had no room; any other error as it is.
 */
export const orBusy = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    if (!isOverload(error)) throw error;
    console.warn("toolgate: Convex gave up", error);
    throw new RpcError(503, "The server is busy. Try again.", {
      status: 503,
      headers: { "Retry-After": "1" },
    });
  });
