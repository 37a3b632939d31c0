/**
 * Asks 2025 clients for input by requests on the event stream of the call. The call then runs again with the answers, round by round.
 *
 * @see MCP 2025-11-25 basic/transports, "Sending Messages to the Server"; client/elicitation
 */
import type { InputRequest } from "../../asking/request";
import { isObject, RpcError } from "../../wire/jsonrpc";
import { admit } from "../admit";
import { streamSecondsOf } from "../../registry/toolgate";
import { callOf } from "../call/call";
import { ANSWER_SECONDS } from "../call/patience";
import { cancelIdOf, sessionOf } from "../call/session";
import { isInputRequired, type Exchange, type Handle, type InputRequired } from "../exchange";
import { patient, runMutation, runQuery } from "../glue";
import { unanswered } from "./inputRequired";
import { pollUntil } from "./poll";

/** The most rounds of one call. More of them mean that client and tool do not understand each other. */
const MAX_ROUNDS = 8;

/** The reason why the questions of a call have no answer. The model reads it. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** The params for a 2025 client. The early revisions have no `mode`, and without one a form is meant. */
const legacyParams = ({ params: { mode, ...params } }: InputRequest): object =>
  mode === undefined || mode === "form" ? params : { mode, ...params };

/** Turns a key that is no longer valid into a text for the model, like every other reason why the waiting ends. */
const toldToModel = (error: unknown): never => {
  throw error instanceof RpcError ? new Unanswered(error.message) : error;
};

/**
 * Waits until every request has its response. The last one is that of the call itself: it has a response once the client has cancelled.
 *
 * @throws Unanswered if the call is cancelled, the time is up or the key is no longer valid
 */
const waitFor = async (exchange: Exchange, requestIds: string[]): Promise<string[]> => {
  const { app, principal } = exchange;
  const seconds = Math.min(streamSecondsOf(app), ANSWER_SECONDS);
  const found = await pollUntil(exchange, {
    deadline: Date.now() + seconds * 1000,
    look: () => runQuery(exchange, "jobs:responses", { requestIds, principal }),
    find: ({ responses }) => {
      if (responses.at(-1) !== null)
        throw new Unanswered("The call was cancelled. Nothing was done.");
      const answers = responses.slice(0, -1);
      return answers.every((answer) => answer !== null) ? answers : undefined;
    },
  }).catch(toldToModel);
  if (found === undefined)
    throw new Unanswered("The client did not answer in time. Nothing was done.");
  return found;
};

/**
 * The client's answer to one request.
 *
 * @throws Unanswered if the answer is an error
 */
const resultOf = (response: string): unknown => {
  const { result, error } = JSON.parse(response) as { result?: unknown; error?: unknown };
  if (error === undefined || error === null) return result;
  const message =
    isObject(error) && typeof error.message === "string" ? error.message : "no reason";
  throw new Unanswered(`The client refused to answer (${message}). Nothing was done.`);
};

/** Sends the requests and returns the answers under the keys of the requests. */
const ask = async (exchange: Exchange, { inputRequests }: InputRequired): Promise<object> => {
  const { notifier, principal, request, message } = exchange;
  const session = await sessionOf(request.headers);
  if (notifier === undefined || session === undefined)
    throw new Unanswered("This call has to ask, which needs an event stream and a session.");
  const entries = Object.entries(inputRequests);
  const requestIds = entries.map(() => crypto.randomUUID() as string);
  requestIds.push(cancelIdOf(session, message.id));
  await runMutation(patient(exchange), "jobs:ask", { requestIds, principal });
  for (const [at, [, request]] of entries.entries()) {
    const { method } = request;
    notifier.send({ jsonrpc: "2.0", id: requestIds[at], method, params: legacyParams(request) });
  }
  const responses = await waitFor(exchange, requestIds);
  return Object.fromEntries(
    entries.map(([key], at) => [key, resultOf(responses[at] ?? "{}")] as const),
  );
};

/** Has the same call admitted again, with the answers. It keeps its stream lease. A person has answered, so it is tried several times. */
const again = async (
  exchange: Exchange,
  { requestState }: InputRequired,
  inputResponses: object,
): Promise<Exchange> => {
  const { message, era, method, streamLease } = exchange;
  const params = { ...message.params, inputResponses, requestState };
  const renewed = { ...message, params };
  // The time that the user took is not the call's: what it waits for from here on begins now.
  const call = await callOf(renewed, { ...exchange, receivedAt: Date.now() }, era, method);
  const admitted = await admit(patient(exchange), era, { ...call, stream: null });
  return {
    ...exchange,
    ...admitted,
    call: { ...admitted.call, stream: call.stream ?? null },
    streamLease,
  };
};

const converse = async (
  exchange: Exchange,
  handle: Handle,
  first: InputRequired,
): Promise<object> => {
  let round = exchange;
  let asked = first;
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
    round = await again(round, asked, await ask(round, asked));
    const result = await handle(round);
    if (!isInputRequired(result)) return result;
    asked = result;
  }
  throw new Unanswered("The call asked too often. Nothing was done.");
};

/**
 * Continues a call that has stopped to ask.
 *
 * @param handle - the call's method, which runs again with the answers.
 * @param first - the questions.
 * @returns the result. A tool whose questions get no answer has failed.
 * @throws RpcError -32602 for a prompt or resource whose questions get no answer, and any error of the method.
 */
export const askOnStream = async (
  exchange: Exchange,
  handle: Handle,
  first: InputRequired,
): Promise<object> => {
  try {
    return await converse(exchange, handle, first);
  } catch (error) {
    if (error instanceof Unanswered) return unanswered(exchange, error.message);
    throw error;
  }
};
