/** Answers requests that Convex has no capacity for. */
import { isConvexError } from "../base/convexError";
import { RpcError } from "../wire/jsonrpc";

/** The beginnings of Convex's own errors, with or without a code in front. An error that an app throws begins with `Uncaught`. */
const OVERLOAD =
  /^(?:\w+: )?(?:Documents read from or written to .+ changed while this mutation was being run|Too many concurrent )/;

/** Whether Convex gave up, on write conflicts after its own retries or because too many functions run at once. Then nothing was done. */
const isOverload = (error: unknown): boolean =>
  error instanceof Error && !isConvexError(error) && OVERLOAD.test(error.message);

/** The error for a client that can simply try again: 503 with `Retry-After`. Undefined if `error` is any other error. */
export const busy = (error: unknown): RpcError | undefined => {
  if (!isOverload(error)) return undefined;
  console.warn("toolgate: Convex gave up", error);
  return new RpcError(503, "The server is busy. Try again.", {
    status: 503,
    headers: { "Retry-After": "1" },
  });
};
