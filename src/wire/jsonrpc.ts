/** JSON-RPC 2.0: the envelope, the codes, and the one error type that crosses the wire. */

/** MCP narrows JSON-RPC: string or integer, never null. */
export type JsonRpcId = string | number;

export type Params = Readonly<Record<string, unknown>>;

/** A request (with id) or a notification (without). */
export interface JsonRpcMessage {
  readonly method: string;
  readonly params: Params;
  readonly id?: JsonRpcId;
  /** The client's answer to a request of ours, if that is what it sent: then there is no id, and the method is `response`. */
  readonly response?: Params;
}

/** Standard codes (JSON-RPC 2.0 section 5.1) and those that MCP 2026-07-28 defines. */
export const ErrorCode = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,
  HeaderMismatch: -32020,
  MissingClientCapability: -32021,
  UnsupportedProtocolVersion: -32022,
} as const;

/** A protocol error. Thrown anywhere below the dispatcher, caught once, there. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  constructor(
    readonly code: number,
    message: string,
    /** `status` is the HTTP status if the whole reply is this error. */
    readonly detail: {
      readonly data?: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Leaves the id of the request out: for replies that must not differ by a byte. */
      readonly hidesId?: boolean;
    } = {},
  ) {
    super(message);
  }
}

/** A refusal of a message's params: says which member, and what was expected. */
export const invalidParams = (message: string): RpcError =>
  new RpcError(ErrorCode.InvalidParams, `Invalid params: ${message}`);

const invalid = (message: string) =>
  new RpcError(ErrorCode.InvalidRequest, `Invalid Request: ${message}`, { status: 400 });

export const isObject = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is JsonRpcId =>
  typeof value === "string" || Number.isSafeInteger(value);

/** A response a client posts to answer a request of ours: it has an id and no method. */
const isResponse = (value: Params): boolean =>
  !("method" in value) && "id" in value && ("result" in value || "error" in value);

/** The id of a message that may be malformed; undefined if none can be read. The id of a response is one of ours. */
export const idIn = (value: unknown): JsonRpcId | undefined =>
  isObject(value) && isId(value.id) && !isResponse(value) ? value.id : undefined;

/** Meant as a notification, whatever its params are: JSON-RPC 2.0 section 4.1 wants no answer to it, not even an error. */
export const isNotification = (value: unknown): boolean =>
  isObject(value) &&
  value.jsonrpc === "2.0" &&
  typeof value.method === "string" &&
  !("id" in value);

/**
 * Checks the shape of one message.
 *
 * @returns the message; `params` is `{}` if there were none. Members that JSON-RPC does not define are ignored.
 * @throws RpcError -32600 or -32602 (HTTP 400) that names the member.
 */
export const parseMessage = (value: unknown): JsonRpcMessage => {
  if (!isObject(value)) throw invalid("expected an object");
  if (isResponse(value)) return { method: "response", params: {}, response: value };
  const id = idIn(value);
  if (value.jsonrpc !== "2.0") throw invalid('"jsonrpc" must be "2.0"');
  if ("id" in value && id === undefined) throw invalid('"id" must be a string or an integer');
  if (typeof value.method !== "string") throw invalid('"method" must be a string');
  const { method, params = {} } = value;
  if (!isObject(params)) {
    throw new RpcError(ErrorCode.InvalidParams, 'Invalid params: "params" must be an object', {
      status: 400,
    });
  }
  return id === undefined ? { method, params } : { method, params, id };
};
