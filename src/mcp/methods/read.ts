/** Runs the query behind an entry, by the `read` query of the glue. */
import { fixedOn } from "../../auth/fixed";
import { inputArgument } from "../../data/arguments";
import type { Target } from "../../data/call";
import { isFault, type Asked, type Ended } from "../../data/outcome";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import type { Exchange } from "../exchange";
import { patient, runQuery } from "../glue";

/**
 * Runs the query behind an entry and returns how it ended. Whether the caller may use the entry is not checked; the admission does
 * that.
 *
 * @param args - the arguments, as JSON text.
 * @param complete - the argument to complete; then the completer of that argument runs.
 */
export const read = (
  exchange: Exchange,
  target: Target,
  args: string,
  complete?: string,
): Promise<Ended | Asked> => {
  const { call, operation, principal, rights } = exchange;
  const fixed = rights.fixed && fixedOn(rights, target);
  // On a stream the answer cannot be a 503.
  const asking = exchange.notifier === undefined ? exchange : patient(exchange);
  return runQuery(asking, "reading:read", {
    target,
    arguments: args,
    principal: Object.assign({}, principal, { operation }),
    input: call.input && inputArgument(call.input),
    complete,
    constraints: rights.constraints,
    fixed: fixed && Object.keys(fixed),
  });
};

/**
 * The value that a query of a prompt, resource or completer returned. Unlike a tool, these have no result that could report a
 * failure.
 *
 * @returns the parsed value; null if it is too long to send.
 * @throws RpcError -32602 for what the app refused, -32603 for a fault. Error if the query asked for input, which callers of this
 * function handle first.
 */
export const valueOf = (ended: Ended | Asked): unknown => {
  if (ended.state === "asked") throw new Error("Input was asked for where none can be given");
  if (ended.state !== "failed") return ended.result === null ? null : JSON.parse(ended.result);
  const code = isFault(ended) ? ErrorCode.InternalError : ErrorCode.InvalidParams;
  throw new RpcError(code, ended.message);
};
