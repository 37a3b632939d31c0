/** What the dispatcher needs to know of a protocol era. */
import type { Exchange, Method, Notified } from "../dispatcher";
import type { JsonRpcMessage } from "../jsonrpc";
import type { Pepper } from "../keys/pepper";
import type { LogLevel } from "../logLevel";
import type { McpServer } from "../server";

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
