/** One request on its way through the server: the one type that all of it hand on. */
import type { InputRequests } from "../asking/request";
import type { Pepper } from "../auth/pepper";
import type { Call } from "../data/call";
import type { ActionCtx } from "../data/database";
import type { LogLevel } from "../data/logLevel";
import type { Outcome } from "../data/outcome";
import type { WithEvidence } from "../middleware/compose";
import type { Entry, Registry } from "../registry/registry";
import type { JsonRpcMessage } from "../wire/jsonrpc";
import type { Caller } from "./caller";
import type { Notifier } from "./notifier";
import type { Toolgate } from "../registry/toolgate";

/** One HTTP request and the app it reached. */
export interface Incoming {
  readonly app: Toolgate;
  readonly ctx: ActionCtx & WithEvidence;
  readonly request: Request;
  /** When it came, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** What clients carry for the server is signed under them. */
  readonly peppers: readonly Pepper[];
}

/** One admitted message: a request, a notification, or a client's response. */
export interface Exchange extends Incoming, Caller {
  readonly era: Era;
  readonly message: JsonRpcMessage;
  /** What the message's method is here; undefined for a notification or response that nothing is done for. */
  readonly method: Method | undefined;
  /** What was asked leave for. */
  readonly call: Call;
  /** How the call ended in the admission; undefined if there is something left to do. */
  readonly outcome?: Outcome | undefined;
  /** Where to say how far it has come; absent unless the reply is a stream. */
  readonly notifier?: Notifier | undefined;
}

/** Answers one admitted request with the `result` member of the response, or throws RpcError. */
export type Handle = (exchange: Exchange) => Promise<object>;

/** What the call says of a message, beside what every call says. @throws RpcError -32602 that names the member. */
export type Asks = (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
) => Partial<Call> | Promise<Partial<Call>>;

/** One method of the protocol: a line of the table in methods/table.ts. */
export interface Method {
  /** The era that has it; both unless stated. */
  readonly era?: Era["name"];
  /** Answers the request; absent for a notification. */
  readonly handle?: Handle;
  /** Acts on the notification; absent for a request. */
  readonly notified?: (exchange: Exchange) => Promise<void>;
  /** What it asks leave for beside the method itself. */
  readonly asks?: Asks;
  /** What it names, if that may be answered with a question (MCP 2026-07-28 basic/patterns/mrtr). */
  readonly entry?: (registry: Registry, name: string) => Entry | undefined;
  /** It is always answered with a stream. */
  readonly streams?: true;
  /** The member of `params` that the header Mcp-Name repeats (MCP 2026-07-28). */
  readonly named?: "name" | "uri" | "taskId";
  /** Clients may cache its result (MCP 2026-07-28). */
  readonly cacheable?: true;
}

/** A finished reply; its body is JSON text. Without one it acknowledges a notification. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
}

/** A result that asks before the call can be done (MCP 2026-07-28 `InputRequiredResult`). */
export interface InputRequired {
  readonly resultType: "input_required";
  readonly inputRequests: InputRequests;
  readonly requestState: string;
}

export const isInputRequired = (result: object): result is InputRequired =>
  "resultType" in result && result.resultType === "input_required";

/** What the dispatcher needs to know of a protocol era. */
export interface Era {
  readonly name: "legacy" | "modern";
  /** The revision the request is spoken in. */
  readonly version: string;
  /** The HTTP status of a reply to an unknown method. */
  readonly unknownMethodStatus: 200 | 404;
  /** Whether a call of a long tool is answered with a task, for the client to ask after. */
  readonly startsTask: (message: JsonRpcMessage) => boolean;
  /** Whether a client that closes the connection means to cancel its request. */
  readonly closingCancels: boolean;
  /** The least level of log messages that a request wants; undefined for none. */
  readonly logLevel: (message: JsonRpcMessage) => LogLevel | undefined;
  /** The code of a reply to a URI that is no resource. */
  readonly resourceNotFound: number;
  /** The HTTP headers of a reply. */
  readonly headersOf: (exchange: Exchange) => Promise<Record<string, string>>;
  /** The kinds of requests that the client can be asked for. */
  readonly canAsk: (message: JsonRpcMessage, incoming: Incoming) => Promise<readonly string[]>;
  /** The header that repeats an argument; undefined where there is none. */
  readonly paramHeader?: (name: string) => string;
  /** Whether the client is asked on the event stream of its request; else by the request's result. */
  readonly asksOnStream: boolean;
  /** Adds to a result what results of this era carry. */
  readonly finish: (result: object, method: Method, app: Toolgate) => object;
}
