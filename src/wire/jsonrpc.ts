/** JSON-RPC 2.0: the envelope, the error codes, and the one error type that is sent to clients. */

/** The id of a request. MCP is stricter than JSON-RPC: a string or an integer, never null. */
export type JsonRpcId = string | number;

export type Params = Readonly<Record<string, unknown>>;

/** A request (with an id), a notification (without one), or a client's response. */
export interface JsonRpcMessage {
  readonly method: string;
  readonly params: Params;
  readonly id?: JsonRpcId;
  /** The client's answer to a request of this server. Then there is no id, and the method is `response`. */
  readonly response?: Params;
}

/** The standard codes (JSON-RPC 2.0 section 5.1) and those that MCP 2026-07-28 defines. */
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

/** A protocol error. Any code below the dispatcher may throw it, and `toReply` of the dispatcher turns it into the reply. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** The call that was refused, if the admission knows it. It is for the log, and no client reads it. */
  operation?: string;
  constructor(
    readonly code: number,
    message: string,
    /** `status` is the HTTP status if this error is the whole reply; 200 unless stated. */
    readonly detail: {
      readonly data?: unknown;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Leaves out the id of the request, for replies that must be the same byte by byte. */
      readonly hidesId?: boolean;
    } = {},
  ) {
    super(message);
  }
}

/** The error for wrong params: -32602. `message` says which member is wrong and what was expected. */
export const invalidParams = (message: string): RpcError =>
  new RpcError(ErrorCode.InvalidParams, `Invalid params: ${message}`);

const invalid = (message: string) =>
  new RpcError(ErrorCode.InvalidRequest, `Invalid Request: ${message}`, { status: 400 });

/** Whether a parsed JSON value is an object, not an array or null. */
export const isObject = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is JsonRpcId =>
  typeof value === "string" || Number.isSafeInteger(value);

/** Whether a client answers a request of this server: a response has an id and no method. */
const isResponse = (value: Params): boolean =>
  !("method" in value) && "id" in value && ("result" in value || "error" in value);

/**
 * The id of a message, which may be malformed; undefined if it has no valid id. A response has none here: its id is one that this
 * server made.
 */
export const idIn = (value: unknown): JsonRpcId | undefined =>
  isObject(value) && isId(value.id) && !isResponse(value) ? value.id : undefined;

/**
 * Whether the client means a notification, even if its params are wrong. JSON-RPC 2.0 section 4.1 wants no answer to one, not even an
 * error.
 */
export const isNotification = (value: unknown): boolean =>
  isObject(value) &&
  value.jsonrpc === "2.0" &&
  typeof value.method === "string" &&
  !("id" in value);

/**
 * Checks the shape of one message.
 *
 * @returns the message. `params` is `{}` if the message has none. Members that JSON-RPC does not define are ignored.
 * @throws RpcError -32600 or -32602 (HTTP 400) that names the wrong member.
 */
export const parseMessage = (value: unknown): JsonRpcMessage => {
  if (!isObject(value)) throw invalid("expected an object");
  if (isResponse(value)) return { method: "response", params: {}, response: value };
  const id = idIn(value);
  if (value.jsonrpc !== "2.0") throw invalid('"jsonrpc" must be "2.0"');
  if ("id" in value && id === undefined)
    throw invalid('"id" must be a string or an integer below 2^53');
  if (typeof value.method !== "string") throw invalid('"method" must be a string');
  const { method, params = {} } = value;
  if (!isObject(params)) {
    throw new RpcError(ErrorCode.InvalidParams, 'Invalid params: "params" must be an object', {
      status: 400,
    });
  }
  return id === undefined ? { method, params } : { method, params, id };
};
