/**
 * JSON-RPC in, JSON-RPC out: one message at a time through shape, era, admission and the era's table of methods. `toReply` is
 * the one place where something thrown becomes a JSON-RPC error.
 */
import { MAX_ANSWERS } from "../asking/answers";
import { isLongerThan, quoted } from "../base/text";
import { objectText } from "../wire/jsonText";
import {
  ErrorCode,
  invalidParams,
  isResponse,
  parseMessage,
  RpcError,
  type JsonRpcId,
  type JsonRpcMessage,
  type Params,
} from "../wire/jsonrpc";
import { errorText, logInternalError } from "../wire/responses";
import { admit } from "./admit";
import { classify } from "./eras/classify";
import {
  leaveOf,
  type Era,
  type Exchange,
  type Method,
  type Incoming,
  type Reply,
} from "./exchange";
import type { Notifier } from "./notifier";
import { wantsStream } from "./streaming";
import { answerOnStream } from "./waiting/askOnStream";
import { release } from "./waiting/poll";

/** A request that has been admitted and whose work is still to be done. */
export interface Work {
  readonly exchange: Exchange;
  readonly id: JsonRpcId;
  /** Whether to answer as an event stream. */
  readonly streams: boolean;
  /** Does it. Never rejects. */
  readonly run: (notifier?: Notifier) => Promise<Reply>;
}

export const isReply = (value: Work | Reply): value is Reply => "status" in value;

/** The reply to a message whose work has thrown. */
export const toReply = (error: unknown, id?: JsonRpcId): Reply => {
  if (!(error instanceof RpcError)) {
    return {
      status: 500,
      body: errorText({ code: ErrorCode.InternalError, message: logInternalError(error) }, id),
    };
  }
  const { code, message, detail } = error;
  const { status = 200, headers, data, withoutId } = detail;
  return {
    status,
    ...(headers === undefined ? {} : { headers }),
    body: errorText(
      { code, message, ...(data === undefined ? {} : { data }) },
      withoutId === true ? undefined : (detail.id ?? id),
    ),
  };
};

const ACCEPTED: Reply = { status: 202 };

const methodOf = ({ methods, unknownMethodStatus }: Era, name: string): Method => {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method !== undefined) return method;
  throw new RpcError(ErrorCode.MethodNotFound, `Method not found: ${quoted(name, 64)}`, {
    status: unknownMethodStatus,
  });
};

const resultText = (id: JsonRpcId, result: object): string =>
  `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${objectText(result)}}`;

const complete = async (exchange: Exchange, id: JsonRpcId, method: Method): Promise<Reply> => {
  const { era, message, server } = exchange;
  try {
    const result = await (era.asksOnStream ? answerOnStream(exchange, method) : method(exchange));
    return {
      status: 200,
      headers: await era.headersOf(exchange),
      body: resultText(id, era.finish(result, message.method, server)),
    };
  } catch (error) {
    return toReply(error, id);
  } finally {
    await release(exchange);
  }
};

/** Most notifications, `notifications/initialized` among them, ask for nothing here. */
const acceptNotification = async (exchange: Exchange): Promise<Reply> => {
  const { era, message } = exchange;
  const { notifications } = era;
  if (Object.hasOwn(notifications, message.method)) await notifications[message.method]?.(exchange);
  return ACCEPTED;
};

const open = async (peer: Incoming, message: JsonRpcMessage, era: Era): Promise<Work | Reply> => {
  const admitted = await admit(peer, era, message);
  // V8 copies what a literal starts with, and then has to make room for every further member: spreads stand last on this path.
  const exchange = { era, message, admitted, ...peer };
  const { id } = message;
  if (id === undefined) return acceptNotification(exchange);
  const method = methodOf(era, message.method);
  return {
    exchange,
    id,
    streams: wantsStream(exchange),
    run: (notifier) => complete({ notifier, ...exchange }, id, method),
  };
};

/** A client's answer to a request of ours. One that nobody waits for is accepted and forgotten. */
const acceptResponse = async (peer: Incoming, era: Era, value: Params): Promise<Reply> => {
  const admitted = await admit(peer, era, { method: "response", params: {} });
  const { id: requestId, result, error } = value;
  if (!era.asksOnStream || typeof requestId !== "string") return ACCEPTED;
  const response = JSON.stringify({ result, error });
  if (isLongerThan(response, MAX_ANSWERS)) throw invalidParams("the response is too long");
  const { principal } = leaveOf({ admitted }).granted;
  await peer.ctx.runMutation(peer.server.functions.questions.answer, {
    requestId,
    principal,
    response,
  });
  return ACCEPTED;
};

/**
 * Takes one parsed JSON value as far as admission.
 *
 * @param era - given for a message of a batch, else decided by the message.
 * @returns the work to do, or the reply if there is nothing to run: refused, or a notification. Never rejects.
 */
export const begin = async (peer: Incoming, value: unknown, era?: Era): Promise<Work | Reply> => {
  const { headers } = peer.request;
  let id: JsonRpcId | undefined;
  try {
    if (isResponse(value))
      return await acceptResponse(
        peer,
        era ?? classify({ method: "response", params: {} }, headers),
        value,
      );
    const message = parseMessage(value);
    ({ id } = message);
    return await open(peer, message, era ?? classify(message, headers));
  } catch (error) {
    return toReply(error, id);
  }
};
