/** Asks the app's `read` query for what a call names. */
import { leaveOf } from "../admit";
import type { Exchange } from "../dispatcher";
import { ErrorCode, RpcError } from "../jsonrpc";
import { orBusy } from "../overload";
import type { Ended } from "../outcome";
import type { Target } from "../surface";

/** What came of running the query behind a target. */
export const read = (
  exchange: Exchange,
  target: Target,
  args: object,
  complete?: string,
): Promise<Ended> => {
  const { ctx, server } = exchange;
  const { principal } = leaveOf(exchange).granted;
  return orBusy(
    ctx.runQuery(server.gate.read, {
      target,
      arguments: JSON.stringify(args),
      principal,
      ...(complete === undefined ? {} : { complete }),
    }),
  );
};

/**
 * The value of a read that is no tool: it has no result that could say that it failed.
 *
 * @throws RpcError -32602 for what the app refused, -32603 for a fault.
 */
export const valueOf = (ended: Ended): unknown => {
  if (ended.state !== "failed") return ended.result === null ? null : JSON.parse(ended.result);
  const isFault = ended.code === "internal";
  throw new RpcError(isFault ? ErrorCode.InternalError : ErrorCode.InvalidParams, ended.message);
};
