/** One request on its way through the server. */
import type { Pepper } from "../auth/pepper";
import type { Call } from "../data/call";
import type { ActionCtx } from "../data/database";
import type { LogLevel } from "../data/logLevel";
import type { Outcome } from "../data/outcome";
import type { Leave } from "../gate/admission";
import type { WithEvidence } from "../middleware/compose";
import type { JsonRpcMessage } from "../wire/jsonrpc";
import type { Notifier } from "./notifier";
import type { Granted, McpServer } from "./server";

/** One HTTP request and the server it reached. */
export interface Incoming {
  readonly server: McpServer;
  readonly ctx: ActionCtx & WithEvidence;
  readonly request: Request;
  /** When it came, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** One admitted JSON-RPC request. */
export interface Exchange extends Incoming {
  readonly era: Era;
  readonly message: JsonRpcMessage;
  readonly admitted: Admitted;
  /** Where to say how far it has come; absent unless the reply is a stream. */
  readonly notifier?: Notifier | undefined;
}

/** Acts on one admitted notification. */
export type Notified = (exchange: Exchange) => Promise<void>;

/** Answers one admitted request with the `result` member of the response, or throws RpcError. */
export type Method = (exchange: Exchange) => Promise<object>;

/** A finished reply; its body is JSON text. Without one it acknowledges a notification. */
export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** What the dispatcher needs to know of a protocol era. */
export interface Era {
  /** The revision the request is spoken in. */
  readonly version: string;
  /** The methods this era has. */
  readonly methods: Readonly<Record<string, Method>>;
  /** The HTTP status of a reply to an unknown method. */
  readonly unknownMethodStatus: 200 | 404;
  /** What is done when a notification comes; nothing for any other. */
  readonly notifications: Readonly<Record<string, Notified>>;
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
  readonly canAsk: (
    message: JsonRpcMessage,
    headers: Headers,
    peppers: readonly Pepper[],
  ) => Promise<readonly string[]>;
  /** The header that repeats an argument; undefined where there is none. */
  readonly paramHeader?: (name: string) => string;
  /** Whether the client is asked on the event stream of its request; else by the request's result. */
  readonly asksOnStream: boolean;
  /** Adds to a result what results of this era carry. */
  readonly finish: (result: object, method: string, server: McpServer) => object;
}

/** What came of asking. Without `leave` there is nothing left to do but to tell `outcome`. */
export interface Admitted {
  readonly call: Call;
  readonly leave?: Leave<Granted>;
  /** How the tool ended, if it already has. */
  readonly outcome?: Outcome;
}

/** The leave of a call that was let in; a method that needs one is not reached without. */
export const leaveOf = ({ admitted }: { readonly admitted: Admitted }): Leave<Granted> => {
  if (admitted.leave === undefined) throw new Error("The call was not admitted");
  return admitted.leave;
};
