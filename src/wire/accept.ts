/** What the client takes: the Accept header. */
import { ErrorCode, RpcError } from "./jsonrpc";

/** True if the Accept header takes `type`, or if there is none (RFC 9110 section 12.5.1). Quality values other than 0 are not weighed. */
export const accepts = (headers: Headers, type: string): boolean => {
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
