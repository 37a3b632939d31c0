/** JSON or event stream: what the client takes and what the call needs. */
import { find } from "../registry/entries";
import { accepts, acceptsStream } from "../wire/accept";
import { isObject } from "../wire/jsonrpc";
import type { Exchange } from "./exchange";

/** The token under which the client wants progress, if it gave one. A stream of changes has no progress. */
export const progressTokenOf = ({
  message: { params },
  method,
}: Pick<Exchange, "message" | "method">): string | number | undefined => {
  if (method?.streams === true) return undefined;
  const token = isObject(params._meta) ? params._meta.progressToken : undefined;
  return typeof token === "string" || typeof token === "number" ? token : undefined;
};

/** Whether there may be something to tell before the reply: a question, progress, or that a long call goes on. */
const mayTell = (exchange: Exchange): boolean => {
  const { call, era, message, app } = exchange;
  if (era.asksOnStream && (call.input?.can.length ?? 0) > 0) return true;
  if (call.target?.kind !== "tool") return false;
  const tells =
    progressTokenOf(exchange) !== undefined || find(app.tools, call.target.name)?.kind === "action";
  return tells && !era.startsTask(message);
};

/**
 * A stream is sent to a client that listens, that takes nothing else, or that takes one and calls for what may have something to
 * tell. A notification has no reply to stream. `checkAccept` has passed: a client that does not take JSON takes a stream.
 */
export const wantsStream = (exchange: Exchange): boolean => {
  if (exchange.message.id === undefined) return false;
  if (exchange.method?.streams === true) return true;
  const { headers } = exchange.request;
  return mayTell(exchange) ? acceptsStream(headers) : !accepts(headers, "application/json");
};
