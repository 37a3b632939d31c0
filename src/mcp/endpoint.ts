/** The handler at the core of the chain: HTTP around the dispatcher. */
import { stopped } from "../auth/stop";
import { defined } from "../base/defined";
import type { ActionCtx } from "../data/database";
import type { WithEvidence } from "../middleware/compose";
import type { Handler } from "../middleware/guard";
import { runnerOf } from "../runner/runner";
import { checkAccept } from "../wire/mediaTypes";
import { readBody, readJson } from "../wire/body";
import { idIn, isNotification, isObject, RpcError } from "../wire/jsonrpc";
import { empty, json } from "../wire/responses";
import { eventStream } from "../wire/sse";
import { logCall, traceparentOf } from "./call/trace";
import { receive, reply, toReply } from "./dispatcher";
import { classifyBatch } from "./eras/classify";
import type { Era, Exchange, Incoming, Reply } from "./exchange";
import { tellFault } from "./faults";
import { patient } from "./glue";
import { progressTokenOf, wantsStream } from "./negotiation";
import { notifier } from "./notifier";
import { stoppedAll } from "./stopped";
import type { Toolgate } from "../registry/toolgate";

const respond = ({ status, headers, body }: Reply): Response =>
  body === undefined ? empty(status, headers) : json(body, status, headers);

/** Streams the reply to one request, with the notifications that the client wants before it. */
const stream = (exchange: Exchange): Response =>
  eventStream(exchange.request.signal, (events) => {
    const wanted = {
      progressToken: progressTokenOf(exchange),
      logLevel: exchange.era.logLevel(exchange.message),
    };
    const told = notifier(wanted, (message) => {
      events.message(JSON.stringify(message));
    });
    return {
      work: async () => {
        const { body } = await reply(exchange, told);
        if (body !== undefined) events.message(body);
      },
      beat: () => {
        events.comment("keep-alive");
        told.beat();
      },
    };
  });

/** Logs a request that was refused. A caller whose key is not valid writes nothing into the log. */
const logRefusal = (
  { request, receivedAt }: Incoming,
  error: unknown,
  value: unknown,
  told: Reply,
) => {
  const id = idIn(value);
  if (id === undefined || told.status === 401 || !isObject(value)) return;
  const { method, params = {} } = value;
  if (typeof method !== "string" || !isObject(params)) return;
  const message = { id, method, params };
  const call = defined({ traceparent: traceparentOf(message, request.headers) });
  const operation = error instanceof RpcError ? error.operation : undefined;
  logCall({ message, receivedAt, call, operation }, told);
};

/** The reply to a message that failed. A notification over a limit is dropped without a word: its sender expects no answer. */
const failure = (incoming: Incoming, error: unknown, value: unknown): Reply => {
  const told = toReply(error, idIn(value));
  logRefusal(incoming, error, value, told);
  return told.status === 429 && isNotification(value) ? { status: 202 } : told;
};

const single = async (incoming: Incoming, value: unknown): Promise<Response> => {
  try {
    const exchange = await receive(incoming, value);
    return wantsStream(exchange) ? stream(exchange) : respond(await reply(exchange));
  } catch (error) {
    return respond(failure(incoming, error, value));
  }
};

/** The statuses of messages that may come again as they are. */
const COME_AGAIN = [429, 503];

/** The reply to a whole batch, of the replies to its messages. `bodies` are those that are sent. */
const joined = (replies: readonly Reply[], bodies: readonly string[]): Reply => {
  const [first] = replies;
  const body = `[${bodies.join(",")}]`;
  const isRefused = first !== undefined && COME_AGAIN.includes(first.status);
  if (isRefused && replies.every(({ status }) => status === first.status))
    return bodies.length === 0 ? first : { ...first, body };
  return bodies.length === 0 ? { status: 202 } : { status: 200, body };
};

/** For a message without an id, which cannot be told in a batch that it should come again. */
const patiently = (incoming: Incoming, value: unknown): Incoming =>
  idIn(value) === undefined ? patient(incoming) : incoming;

/**
 * Runs the messages of a batch one after the other, in their order. A 401 that comes before any other reply is the reply to the whole
 * batch. So is a 429 or 503 of all messages; if only some have it, each says by itself that it may come again.
 */
const batch = async (incoming: Incoming, values: readonly unknown[]): Promise<Reply> => {
  let era: Era;
  try {
    era = classifyBatch(values, incoming.request.headers);
  } catch (error) {
    return tellFault(incoming, error);
  }
  const replies: Reply[] = [];
  const bodies: string[] = [];
  const whole = { ...incoming, batch: values };
  for (const value of values) {
    const answered = await receive(patiently(whole, value), value, era).then(
      (exchange) => reply(exchange),
      (error: unknown) => failure(incoming, error, value),
    );
    // Later in the batch a lone 401 would hide the results of the messages before it.
    if (answered.status === 401 && bodies.length === 0) return answered;
    replies.push(answered);
    if (answered.body !== undefined && !isNotification(value)) bodies.push(answered.body);
  }
  return joined(replies, bodies);
};

/** What is wrong with the body is told by the admission, unless it is too large or does not arrive. */
const post = async (incoming: Incoming): Promise<Response> => {
  const { request } = incoming;
  const bytes = await readBody(request);
  let value: unknown;
  try {
    value = readJson(request.headers, bytes);
    checkAccept(request.headers);
  } catch (error) {
    return tellFault(incoming, error);
  }
  return Array.isArray(value) ? respond(await batch(incoming, value)) : single(incoming, value);
};

/** Refuses every method but POST. GET would open a standing stream and DELETE would end a session, and this server has neither. */
const refuseMethod = (incoming: Incoming): Promise<never> => {
  const detail = { status: 405, headers: { Allow: "POST, OPTIONS" } };
  const message = `Method ${incoming.request.method} is not allowed; use POST`;
  return tellFault(incoming, new RpcError(405, message, detail));
};

/**
 * The MCP endpoint, for `compose(...chain)(mcp(app))`. Register it for every HTTP method, since Convex answers a method without a
 * route with a plain 404.
 *
 * @param app - the result of `defineToolgate`.
 * @returns the handler. It answers every error of a request itself.
 * @see MCP 2026-07-28 and 2025-11-25, basic/transports, Streamable HTTP
 */
export const mcp =
  (app: Toolgate): Handler<ActionCtx & WithEvidence> =>
  async (ctx, request) => {
    if (stopped() === "all") return respond(toReply(stoppedAll()));
    const runner = runnerOf(ctx);
    const incoming: Incoming = { app, ctx, runner, request, receivedAt: Date.now() };
    try {
      return await (request.method === "POST" ? post(incoming) : refuseMethod(incoming));
    } catch (error) {
      return respond(toReply(error));
    }
  };
