/**
 * JSON-RPC in, JSON-RPC out, one message at a time. `receive` checks the shape of a message, finds its era and has it admitted.
 * `reply` answers it. `toReply` is the one place where a thrown error becomes a JSON-RPC error.
 */
import { MAX_ANSWERS } from "../asking/answers";
import { isLongerThan, quoted } from "../base/text";
import { Overloaded } from "../runner/runner";
import { objectText } from "../wire/jsonText";
import {
  ErrorCode,
  invalidParams,
  parseMessage,
  RpcError,
  type JsonRpcId,
  type Params,
} from "../wire/jsonrpc";
import { errorText, logInternalError } from "../wire/responses";
import { admit } from "./admit";
import type { Call } from "../data/call";
import { callOf } from "./call/call";
import { logCall } from "./call/trace";
import { classify } from "./eras/classify";
import { isInputRequired, type Era, type Exchange, type Incoming, type Reply } from "./exchange";
import { tellFault } from "./faults";
import { runMutation } from "./glue";
import { methodIn } from "./methods/table";
import type { Notifier } from "./notifier";
import { busy } from "./overload";
import { askOnStream } from "./waiting/askOnStream";
import { releaseStreamLease } from "./waiting/streamLease";

const ACCEPTED: Reply = { status: 202 };

/**
 * The reply for a thrown error. An unexpected error is logged and becomes a 500 that tells only the id of the log entry.
 *
 * @param id - the id of the request, if there is one. What has none is refused by the HTTP status (2025-11-25, basic/transports).
 */
export const toReply = (thrown: unknown, id?: JsonRpcId): Reply => {
  const error = thrown instanceof Overloaded ? busy(thrown) : thrown;
  if (!(error instanceof RpcError)) {
    const message = logInternalError(error);
    const code = ErrorCode.InternalError;
    return { status: 500, body: errorText({ code, message }, id), error: String(code) };
  }
  const { code, message, detail } = error;
  const { status = id === undefined ? 400 : 200, headers, data, hidesId } = detail;
  const body = errorText({ code, message, data }, hidesId === true ? undefined : id);
  return { status, headers, body, error: String(code) };
};

type Received = Pick<Exchange, "era" | "message" | "method">;

/**
 * The message in a parsed JSON value.
 *
 * @throws RpcError for a malformed message, and for a request with an unknown method.
 */
const readMessage = (value: unknown, headers: Headers, batchEra?: Era): Received => {
  const message = parseMessage(value);
  const era = batchEra ?? classify(message, headers);
  const method = methodIn(era, message.method);
  if (message.id !== undefined && method?.handle === undefined) {
    throw new RpcError(
      ErrorCode.MethodNotFound,
      `Method not found: ${quoted(message.method, 64)}`,
      { status: era.unknownMethodStatus },
    );
  }
  return { era, message, method };
};

/**
 * Takes one parsed JSON value through the admission, which also runs a mutation tool.
 *
 * @param batchEra - the era of the batch that the message is part of. Without it the message decides.
 * @throws RpcError for a malformed message, a refused call, or a request with an unknown method.
 */
export const receive = async (
  incoming: Incoming,
  value: unknown,
  batchEra?: Era,
): Promise<Exchange> => {
  let received: Received;
  let call: Call;
  try {
    received = readMessage(value, incoming.request.headers, batchEra);
    call = await callOf(received.message, incoming, received.era, received.method);
  } catch (error) {
    return tellFault(incoming, error, value);
  }
  const { era, message, method } = received;
  const admitted = await admit(incoming, era, call);
  // V8 copies the first spread of a literal, and must then make room for each further member. So spreads stand last on this path.
  return { era, message, method, ...admitted, ...incoming };
};

/** Passes on a client's answer to a request of this server. An answer that no call waits for is accepted and dropped. */
const acceptResponse = async (
  exchange: Exchange,
  { id: requestId, result, error }: Params,
): Promise<void> => {
  const { era, principal } = exchange;
  if (!era.asksOnStream || typeof requestId !== "string") return;
  const response = JSON.stringify({ result, error });
  if (isLongerThan(response, MAX_ANSWERS)) throw invalidParams("the response is too long");
  await runMutation(exchange, "jobs:respond", { requestId, principal, response });
};

/** Answers a request. If the call needs input, a 2025 client is asked on its stream. */
const answer = async (exchange: Exchange, id: JsonRpcId): Promise<Reply> => {
  const { era, call, method = {}, app } = exchange;
  const { handle } = method;
  if (handle === undefined) throw new Error("A method without a handler was admitted");
  const first = await handle(exchange);
  const asks = era.asksOnStream && call.input !== undefined && isInputRequired(first);
  const result = asks ? await askOnStream(exchange, handle, first) : first;
  const text = objectText(era.finish(result, method, app));
  const body = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${text}}`;
  const headers = method.headersOf && (await method.headersOf(exchange));
  const hasFailed = "isError" in result && result.isError === true;
  return { status: 200, headers, body, ...(hasFailed ? { error: "tool_error" } : {}) };
};

/**
 * Completes an admitted message and returns its reply. It never rejects. At the end it gives the stream lease back and logs the call.
 *
 * @param notifier - reports progress to the client, if the reply is a stream.
 */
export const reply = async (exchange: Exchange, notifier?: Notifier): Promise<Reply> => {
  const { message, method, streamLease } = exchange;
  const { id, response } = message;
  let told = ACCEPTED;
  try {
    if (id !== undefined) told = await answer(notifier ? { notifier, ...exchange } : exchange, id);
    else if (response !== undefined) await acceptResponse(exchange, response);
    // Most notifications, such as `notifications/initialized`, need no action here.
    else await method?.notified?.(exchange);
  } catch (error) {
    told = toReply(error, id);
  }
  if (streamLease !== undefined) await releaseStreamLease(exchange);
  if (id !== undefined) logCall(exchange, told);
  return told;
};
