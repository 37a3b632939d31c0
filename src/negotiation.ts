/** JSON or event stream: what the client takes and what the call needs. */
import type { Exchange } from "./dispatcher";
import { ErrorCode, isObject, RpcError } from "./jsonrpc";
import { find } from "./registry";
import { LISTEN } from "./subscriptions/filter";

/** True if the Accept header takes `type`, or if there is none (RFC 9110 section 12.5.1). Quality values other than 0 are not weighed. */
const accepts = (headers: Headers, type: string): boolean => {
  const ranges = (headers.get("accept") ?? "*/*").toLowerCase().split(",");
  return ranges.some((range) => {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim());
    return (
      ["*/*", `${type.split("/")[0] ?? ""}/*`, type].includes(name) &&
      !parameters.some((p) => /^q=0(\.0*)?$/.test(p))
    );
  });
};

/** Whether the client takes an event stream. */
export const acceptsStream = (headers: Headers): boolean => accepts(headers, "text/event-stream");

/** @throws RpcError 406 if the client takes neither JSON nor event streams. */
export const checkAccept = (headers: Headers): void => {
  if (accepts(headers, "application/json") || acceptsStream(headers)) return;
  throw new RpcError(406, "Accept must include application/json or text/event-stream", {
    status: 406,
  });
};

/** @throws RpcError 406 if the client does not take event streams, which `method` always answers with. */
export const checkAcceptsStream = (headers: Headers, method: string): void => {
  if (acceptsStream(headers)) return;
  throw new RpcError(
    ErrorCode.InvalidRequest,
    `Accept must include text/event-stream: ${method} answers with a stream`,
    { status: 406 },
  );
};

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
