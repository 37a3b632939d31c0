/** The types of a request on its way through the server. The server's own code passes these on from step to step. */
import type { InputRequests } from "../asking/request";
import type { Call } from "../data/call";
import type { LogLevel } from "../data/logLevel";
import type { Outcome } from "../data/outcome";
import type { WithEvidence } from "../middleware/compose";
import type { Runner } from "../runner/runner";
import type { JsonRpcMessage } from "../wire/jsonrpc";
import type { Caller } from "./caller";
import type { Notifier } from "./notifier";
import type { Toolgate } from "../registry/toolgate";

/** One HTTP request and the app it reached. */
export interface Incoming {
  readonly app: Toolgate;
  readonly ctx: WithEvidence;
  /** Runs Convex functions. */
  readonly runner: Runner;
  readonly request: Request;
  /** The messages of the batch, if the request is one. */
  readonly batch?: readonly unknown[];
  /** The time it arrived, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** One admitted message: a request, a notification, or a client's response. */
export interface Exchange extends Incoming, Caller {
  readonly era: Era;
  readonly message: JsonRpcMessage;
  /** The method of the message; undefined for a notification or response that needs no action. */
  readonly method: Method | undefined;
  /** The call that was admitted, and its id. */
  readonly call: Call;
  readonly operation: string;
  /** The outcome of the call in the admission; undefined if there is still something to run. */
  readonly outcome?: Outcome | undefined;
  /** Reports progress to the client; absent unless the reply is a stream. */
  readonly notifier?: Notifier | undefined;
}

/** Answers one admitted request with the `result` member of the response, or throws RpcError. */
export type Handle = (exchange: Exchange) => Promise<object>;

/**
 * The members of the call that depend on the method.
 *
 * @throws RpcError -32602 that names the wrong member
 */
export type Asks = (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
) => Partial<Call> | Promise<Partial<Call>>;

/** One method of the protocol, a line of the table in methods/table.ts. */
export interface Method {
  /** The era that has the method; both unless stated. */
  readonly era?: Era["name"];
  /** Answers the request; absent for a notification. */
  readonly handle?: Handle;
  /** The extra HTTP headers of its reply. */
  readonly headersOf?: (exchange: Exchange) => Promise<Record<string, string>>;
  /** Acts on the notification; absent for a request. */
  readonly notified?: (exchange: Exchange) => Promise<void>;
  /** Reads the rest of the call from the message; absent if the call has nothing beside the method. */
  readonly asks?: Asks;
  /** True if it may answer with a question (MCP 2026-07-28 basic/patterns/mrtr). */
  readonly mayAsk?: true;
  /** The answer is always a stream. */
  readonly streams?: true;
  /** It only opens a connection or keeps it, and counts as a fraction of a request against the limits. */
  readonly minor?: true;
  /** The member of `params` that the header Mcp-Name repeats (MCP 2026-07-28). */
  readonly named?: "name" | "uri" | "taskId";
  /** Clients may cache the result (MCP 2026-07-28). */
  readonly cacheable?: true;
}

/** A finished reply. Its body is JSON text. A reply without a body acknowledges a notification or response. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
  /** For the log: the code of the JSON-RPC error, or `tool_error` for a tool that has failed. */
  readonly error?: string;
}

/** A result that asks for input before the call can run (MCP 2026-07-28 `InputRequiredResult`). */
export interface InputRequired {
  readonly resultType: "input_required";
  readonly inputRequests: InputRequests;
  readonly requestState: string;
}

/** Whether a result asks for input. */
export const isInputRequired = (result: object): result is InputRequired =>
  "resultType" in result && result.resultType === "input_required";

/** A protocol era, as far as the dispatcher depends on it. */
export interface Era {
  readonly name: "legacy" | "modern";
  /** The revision of the request. */
  readonly version: string;
  /** The HTTP status of a reply to an unknown method. */
  readonly unknownMethodStatus: 200 | 404;
  /** Whether a call of an action is answered with a task, which the client then polls. */
  readonly startsTask: (message: JsonRpcMessage) => boolean;
  /** Whether a client that closes the connection cancels its request by that. */
  readonly closingCancels: boolean;
  /** The lowest level of log messages that the request wants; undefined for no messages. */
  readonly logLevel: (message: JsonRpcMessage) => LogLevel | undefined;
  /** The error code for a URI that is not a resource. */
  readonly resourceNotFound: number;
  /** The kinds of requests that the client can answer. */
  readonly canAsk: (message: JsonRpcMessage, incoming: Incoming) => Promise<readonly string[]>;
  /** The name of the header that repeats an argument; absent in an era without such headers. */
  readonly paramHeader?: (name: string) => string;
  /** Whether the client is asked on the event stream of its request. If not, the result of the request asks. */
  readonly asksOnStream: boolean;
  /** Adds the members that every result of this era has. */
  readonly finish: (result: object, method: Method, app: Toolgate) => object;
}
