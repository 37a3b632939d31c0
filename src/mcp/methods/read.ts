/** Asks the app's `read` query for what a call names. */
import { makeFunctionReference } from "convex/server";
import { inputArgument } from "../../data/arguments";
import type { Target } from "../../data/call";
import type { Asked, Ended } from "../../data/outcome";
import { ErrorCode, RpcError } from "../../wire/jsonrpc";
import type { Exchange } from "../exchange";
import type { Glue } from "../glue";

/** What came of running the query behind a target. `args` is JSON text. */
export const read = (
  { ctx, app, call, principal }: Exchange,
  target: Target,
  args: string,
  complete?: string,
): Promise<Ended | Asked> => {
  const input = call.input && inputArgument(call.input);
  return ctx.runQuery<Glue["reading:read"]>(makeFunctionReference(`${app.dir}/reading:read`), {
    target,
    arguments: args,
    principal,
    ...(input === undefined ? {} : { input }),
    ...(complete === undefined ? {} : { complete }),
  });
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
