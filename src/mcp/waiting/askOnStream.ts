/**
 * For 2025 clients: what a call needs is asked by requests on its event stream, and the call is made again with the answers, round by round.
 *
 * @see MCP 2025-11-25 basic/transports, "Sending Messages to the Server"; client/elicitation
 */
import type { InputRequest } from "../../asking/request";
import { invalidParams, isObject } from "../../wire/jsonrpc";
import { admit } from "../admit";
import { failureResult } from "../callResult";
import { leaveOf, type Exchange, type Method } from "../exchange";
import { isInputRequired, Unanswered, type InputRequired } from "./inputRequired";
import { pollUntil, tolerant, streamSecondsOf, withPlaceOf } from "./poll";

/** More rounds are no conversation any more, but a client and a tool that do not understand each other. */
const MAX_ROUNDS = 8;

/** How long a client may take to answer unless the server's streams are shorter, in seconds. */
const ANSWER_SECONDS = 300;

/** 2025 revisions know no `mode`: a form is meant without one. */
const legacyParams = ({ params: { mode, ...params } }: InputRequest): object =>
  mode === undefined || mode === "form" ? params : { mode, ...params };

/** Waits until every request has its response. */
const waitFor = async (exchange: Exchange, requestIds: string[]): Promise<string[]> => {
  const { ctx, server } = exchange;
  const { principal } = leaveOf(exchange).granted;
  const seconds = Math.min(streamSecondsOf(server), ANSWER_SECONDS);
  const read = tolerant(() =>
    ctx.runQuery(server.functions.questions.read, { requestIds, principal }),
  );
  const found = await pollUntil(exchange, Date.now() + seconds * 1000, async () => {
    const seen = await read();
    if (seen === undefined) return undefined;
    const { responses, isKeyValid } = seen;
    if (!isKeyValid) throw new Unanswered("The API key was revoked or has expired");
    return responses.every((response) => response !== null) ? responses : undefined;
  });
  if (found === undefined)
    throw new Unanswered("The client did not answer in time. Nothing was done.");
  return found;
};

/** What the client answered to one request. */
const resultOf = (response: string): unknown => {
  const { result, error } = JSON.parse(response) as { result?: unknown; error?: unknown };
  if (error === undefined || error === null) return result;
  const message =
    isObject(error) && typeof error.message === "string" ? error.message : "no reason";
  throw new Unanswered(`The client refused to answer (${message}). Nothing was done.`);
};

/** Sends the requests, and gathers the responses under the keys of the requests. */
const ask = async (exchange: Exchange, { inputRequests }: InputRequired): Promise<object> => {
  const { ctx, server, notifier } = exchange;
  if (notifier === undefined)
    throw new Unanswered("This call has to ask, which needs an event stream.");
  const { principal } = leaveOf(exchange).granted;
  const entries = Object.entries(inputRequests);
  const requestIds = entries.map(() => crypto.randomUUID());
  await ctx.runMutation(server.functions.questions.ask, { requestIds, principal });
  for (const [at, [, request]] of entries.entries()) {
    const { method } = request;
    notifier.send({ jsonrpc: "2.0", id: requestIds[at], method, params: legacyParams(request) });
  }
  const responses = await waitFor(exchange, requestIds);
  return Object.fromEntries(
    entries.map(([key], at) => [key, resultOf(responses[at] ?? "{}")] as const),
  );
};

/** The same call again, with answers. It is admitted anew, but keeps its place among the open streams. */
const again = async (
  exchange: Exchange,
  { requestState }: InputRequired,
  inputResponses: object,
): Promise<Exchange> => {
  const { message, era } = exchange;
  const params = { ...message.params, inputResponses, requestState };
  const admitted = await admit(exchange, era, { ...message, params }, { holds: false });
  return { ...exchange, admitted: withPlaceOf(admitted, exchange) };
};

const converse = async (exchange: Exchange, method: Method): Promise<object> => {
  let round = exchange;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds++) {
    const result = await method(round);
    if (!isInputRequired(result)) return result;
    round = await again(round, result, await ask(round, result));
  }
  throw new Unanswered("The call asked too often. Nothing was done.");
};

/**
 * Answers a request whose method may need input. A tool whose questions stay unanswered has failed.
 *
 * @throws RpcError -32602 for a prompt or resource whose questions stay unanswered, and what the method throws.
 */
export const answerOnStream = async (exchange: Exchange, method: Method): Promise<object> => {
  try {
    return await converse(exchange, method);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    if (exchange.message.method === "tools/call")
      return failureResult("not_answered", error.message);
    throw invalidParams(error.message);
  }
};
