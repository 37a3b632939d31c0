/** Answers requests while the operator has stopped the server. */
import { STOPPED, STOPPED_RETRY_S, STOPPED_WAITING } from "../auth/stop";
import { RpcError } from "../wire/jsonrpc";

/** The error for every request: 503 with `Retry-After`. Its data says by what the doctor knows it. */
export const stoppedAll = (): RpcError =>
  new RpcError(503, STOPPED.all, {
    status: 503,
    headers: { "Retry-After": String(STOPPED_RETRY_S) },
    data: { retryAfter: STOPPED_RETRY_S, stopped: "all" },
  });

/** The error that ends a request that waits. What it waits for may have done some of its work. */
export const stoppedWaiting = (): RpcError =>
  new RpcError(503, STOPPED_WAITING, { status: 503, data: { retryAfter: STOPPED_RETRY_S } });
