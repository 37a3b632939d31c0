/** Asks the app's `read` query for what a call names. */
import { leaveOf } from "../admit";
import type { Exchange } from "../dispatcher";
import { ErrorCode, RpcError } from "../jsonrpc";
import { orBusy } from "../overload";
import type { Asked } from "../input/asked";
import type { Ended } from "../outcome";
import type { Target } from "../surface";

/** What came of running the query behind a target. `args` is JSON text. */
export const read = (
  exchange: Exchange,
  target: Target,
  args: string,
  complete?: string,
): Promise<Ended | Asked> => {
  const { ctx, server, admitted } = exchange;
  const { can, answers } = admitted.call.input ?? {};
  const { principal } = leaveOf(exchange).granted;
  return orBusy(
    ctx.runQuery(server.functions.reading.read, {
      target,
      arguments: args,
      principal,
      ...(can === undefined || answers === undefined ? {} : { input: { can, answers } }),
      ...(complete === undefined ? {} : { complete }),
    }),
  );
};

/**
 * The value of a read that is no tool: it has no result that could say that it failed.
 *
 * @throws RpcError -32602 for what the app refused, -32603 for a fault.
 */
export const valueOf = (ended: Ended | Asked): unknown => {
  if (ended.state === "asked") throw new Error("Input was asked for where none can be given");
  if (ended.state !== "failed") return ended.result === null ? null : JSON.parse(ended.result);
  const isFault = ended.code === "internal";
  throw new RpcError(isFault ? ErrorCode.InternalError : ErrorCode.InvalidParams, ended.message);
};
