/**
 * For 2025 clients: what a call needs is asked by requests on its event stream, and the call is made again with the answers, round by round.
 *
 * @see MCP 2025-11-25 basic/transports, "Sending Messages to the Server"; client/elicitation
 */
import { makeFunctionReference } from "convex/server";
import type { InputRequest } from "../../asking/request";
import { isObject, RpcError } from "../../wire/jsonrpc";
import { admit } from "../admit";
import { isInputRequired, type Exchange, type Handle, type InputRequired } from "../exchange";
import { unanswered } from "./inputRequired";
import { pollUntil, streamSecondsOf } from "./poll";
import type { Glue } from "../glue";

/** More rounds are no conversation any more, but a client and a tool that do not understand each other. */
const MAX_ROUNDS = 8;

/** How long a client may take to answer unless the server's streams are shorter, in seconds. */
const ANSWER_SECONDS = 300;

/** Why the questions of a call stay without an answer. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** 2025 revisions know no `mode`: a form is meant without one. */
const legacyParams = ({ params: { mode, ...params } }: InputRequest): object =>
  mode === undefined || mode === "form" ? params : { mode, ...params };

/** A key that is no longer valid is the model's to read of, like any other end of the waiting. */
const toldToModel = (error: unknown): never => {
  throw error instanceof RpcError ? new Unanswered(error.message) : error;
};

/** Waits until every request has its response. */
const waitFor = async (exchange: Exchange, requestIds: string[]): Promise<string[]> => {
  const { ctx, app, principal } = exchange;
  const seconds = Math.min(streamSecondsOf(app), ANSWER_SECONDS);
  const found = await pollUntil(exchange, {
    deadline: Date.now() + seconds * 1000,
    look: () =>
      ctx.runQuery<Glue["jobs:responses"]>(makeFunctionReference(`${app.dir}/jobs:responses`), {
        requestIds,
        principal,
      }),
    find: ({ responses }) =>
      responses.every((response) => response !== null) ? responses : undefined,
  }).catch(toldToModel);
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
  const { ctx, app, notifier, principal } = exchange;
  if (notifier === undefined)
    throw new Unanswered("This call has to ask, which needs an event stream.");
  const entries = Object.entries(inputRequests);
  const requestIds = entries.map(() => crypto.randomUUID());
  await ctx.runMutation<Glue["jobs:ask"]>(makeFunctionReference(`${app.dir}/jobs:ask`), {
    requestIds,
    principal,
  });
  for (const [at, [, request]] of entries.entries()) {
    const { method } = request;
    notifier.send({ jsonrpc: "2.0", id: requestIds[at], method, params: legacyParams(request) });
  }
  const responses = await waitFor(exchange, requestIds);
  return Object.fromEntries(
    entries.map(([key], at) => [key, resultOf(responses[at] ?? "{}")] as const),
  );
};

/** The same call again, with answers. It is admitted anew, but keeps its stream lease. */
const again = async (
  exchange: Exchange,
  { requestState }: InputRequired,
  inputResponses: object,
): Promise<Exchange> => {
  const { message, era, method, streamLease } = exchange;
  const params = { ...message.params, inputResponses, requestState };
  const renewed = { ...message, params };
  const admitted = await admit(exchange, era, renewed, method, { wantsStreamLease: false });
  return { ...exchange, ...admitted, streamLease };
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
 * Goes on with a call that has stopped to ask.
 *
 * @param handle - the call's method, to be run again with the answers.
 * @param first - what it asked for.
 * @returns the result. A tool whose questions stay unanswered has failed.
 * @throws RpcError -32602 for a prompt or resource whose questions stay unanswered, and what the method throws.
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
