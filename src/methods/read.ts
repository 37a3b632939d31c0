/** Runs the query behind what a call names, for a caller who has been let in. */
import { leaveOf } from "../admit";
import type { Exchange } from "../dispatcher";
import { explainWith, inputOf } from "../functionArgs";
import type { Asked } from "../input/asked";
import { ErrorCode, RpcError } from "../jsonrpc";
import { failureOf, succeeded, type Ended } from "../outcome";
import { orBusy } from "../overload";
import { findQuery, type Wanted } from "../queries";

/** Only tools have schemas that could say more. */
const explanation = ({ ctx, server }: Exchange, { target, args }: Wanted) =>
  target.kind === "tool"
    ? explainWith(ctx, server.functions, target.name, args)
    : () => Promise.resolve([]);

/**
 * What came of running it.
 *
 * @throws RpcError 503 if Convex had no room.
 */
export const read = async (exchange: Exchange, wanted: Wanted): Promise<Ended | Asked> => {
  const { ctx, server, admitted } = exchange;
  const { principal } = leaveOf(exchange).granted;
  try {
    const query = findQuery(server, wanted, { principal, ...inputOf(admitted.call) });
    if (query === undefined) throw new Error(`There is nothing to read at ${wanted.target.name}`);
    return succeeded(await orBusy(ctx.runQuery(query.ref, query.args)));
  } catch (error) {
    if (error instanceof RpcError) throw error;
    return failureOf(error, explanation(exchange, wanted));
  }
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
