/** JSON or event stream: what the client takes and what the call needs. */
import { find } from "../registry/entries";
import { accepts, acceptsStream } from "../wire/accept";
import { isObject } from "../wire/jsonrpc";
import type { Exchange } from "./exchange";
import { LISTEN } from "./revision/listenFilter";

/** The token under which the client wants progress, if it gave one. A stream of changes has no progress. */
export const progressTokenOf = ({
  message: { method, params },
}: Pick<Exchange, "message">): string | number | undefined => {
  if (method === LISTEN) return undefined;
  const token = isObject(params._meta) ? params._meta.progressToken : undefined;
  return typeof token === "string" || typeof token === "number" ? token : undefined;
};

type Admissible = Pick<Exchange, "message" | "request" | "server" | "admitted" | "era">;

/** Whether there may be something to tell before the reply: a question, progress, or that a long call goes on. */
const mayTell = (exchange: Admissible): boolean => {
  const { target, input } = exchange.admitted.call;
  if (exchange.era.asksOnStream && (input?.can.length ?? 0) > 0) return true;
  if (target?.kind !== "tool") return false;
  if (exchange.era.startsTask(exchange.message)) return false;
  return (
    progressTokenOf(exchange) !== undefined ||
    find(exchange.server.tools, target.name)?.kind === "action"
  );
};

/**
 * A stream is sent to a client that listens, that takes nothing else, or that takes one and calls for what may have something to
 * tell. `checkAccept` has passed: who does not take JSON takes a stream.
 */
export const wantsStream = (exchange: Admissible): boolean => {
  if (exchange.message.method === LISTEN) return true;
  const { headers } = exchange.request;
  return mayTell(exchange) ? acceptsStream(headers) : !accepts(headers, "application/json");
};
