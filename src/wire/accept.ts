/** Reads the Accept header. */
import { ErrorCode, RpcError } from "./jsonrpc";

/**
 * Whether the Accept header allows `type`. Without the header every type is allowed (RFC 9110 section 12.5.1). A type with the
 * quality 0 is not allowed; other qualities are not compared.
 */
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

/** Whether the client accepts an event stream. */
export const acceptsStream = (headers: Headers): boolean => accepts(headers, "text/event-stream");

/**
 * Checks that the client accepts JSON or event streams.
 *
 * @throws RpcError 406 if it accepts neither.
 */
export const checkAccept = (headers: Headers): void => {
  if (accepts(headers, "application/json") || acceptsStream(headers)) return;
  throw new RpcError(406, "Accept must include application/json or text/event-stream", {
    status: 406,
  });
};

/**
 * Checks that the client accepts event streams, for a method that always answers with one.
 *
 * @throws RpcError -32600 (HTTP 406) if it does not. The message names `method`.
 */
export const checkAcceptsStream = (headers: Headers, method: string): void => {
  if (acceptsStream(headers)) return;
  throw new RpcError(
    ErrorCode.InvalidRequest,
    `Accept must include text/event-stream: ${method} answers with a stream`,
    { status: 406 },
  );
};
