/** Chooses between JSON and an event stream, by what the client accepts and what the call needs. */
import { accepts, acceptsStream } from "../wire/mediaTypes";
import { isObject } from "../wire/jsonrpc";
import type { Exchange } from "./exchange";

/** The progress token of the request; undefined if it has none. A stream of changes has no progress. */
export const progressTokenOf = ({
  message: { params },
  method,
}: Pick<Exchange, "message" | "method">): string | number | undefined => {
  if (method?.streams === true) return undefined;
  const token = isObject(params._meta) ? params._meta.progressToken : undefined;
  return typeof token === "string" || typeof token === "number" ? token : undefined;
};

/** Whether the server may have something to send before the reply: a question, progress, or a sign that a long call goes on. */
const mayTell = (exchange: Exchange): boolean => {
  const { call, era, message } = exchange;
  if (call.stream != null) return true;
  const hears = call.target?.kind === "tool" && progressTokenOf(exchange) !== undefined;
  return hears && !era.startsTask(message);
};

/**
 * Whether the reply is a stream. That is so in three cases: the method always streams, the client accepts nothing else, or the client
 * accepts a stream and the server may have something to send before the reply. A notification has no reply to stream.
 *
 * It expects that `checkAccept` has passed: then a client that does not accept JSON accepts a stream.
 */
export const wantsStream = (exchange: Exchange): boolean => {
  if (exchange.message.id === undefined) return false;
  if (exchange.method?.streams === true) return true;
  const { headers } = exchange.request;
  return mayTell(exchange) ? acceptsStream(headers) : !accepts(headers, "application/json");
};
