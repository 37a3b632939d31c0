/** What a client has answered, read from the params of its call. */
import type { Call } from "../admission";
import { ErrorCode, invalidParams, isObject, RpcError, type JsonRpcMessage } from "../jsonrpc";
import type { Pepper } from "../keys/pepper";
import type { Surface, Target } from "../surface";
import { findTool } from "../tools";
import { answersTo, type Answers } from "./answers";
import { BAD_STATE, openState, type RequestState } from "./requestState";

type Input = NonNullable<Call["input"]>;

const stateIn = async (sealed: unknown, peppers: readonly Pepper[]) => {
  if (sealed === undefined) return undefined;
  if (typeof sealed !== "string") throw invalidParams('"requestState" must be a string');
  const state = await openState(peppers, sealed);
  if (state === undefined) throw new RpcError(ErrorCode.InvalidParams, BAD_STATE);
  return state;
};

/** Without a state nobody knows what was asked: that will do for what only reads. */
const unasked = (responses: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(Object.entries(responses).map(([key, response]) => [key, { response }]));

const isRead = ({ tools }: Surface, { kind, name }: Target): boolean =>
  kind !== "tool" || findTool(tools, name)?.kind === "query";

const carried = ({ nonce, boundTo, expiresAt, jobId }: RequestState) => ({
  ...{ nonce, boundTo, expiresAt },
  ...(jobId === undefined ? {} : { jobId }),
});

/**
 * The answers in a message, and the state they came with. To whom the state belongs is for the admission to decide.
 *
 * @throws RpcError -32602 if `inputResponses` is no object, or `requestState` is not one of this server's or has expired.
 */
export const callInput = async (
  { params: { inputResponses: responses = {}, requestState } }: JsonRpcMessage,
  peppers: readonly Pepper[],
  target: Target,
  surface: Surface,
): Promise<Pick<Input, "answers" | "state">> => {
  if (!isObject(responses)) throw invalidParams('"inputResponses" must be an object');
  const state = await stateIn(requestState, peppers);
  if (state !== undefined) {
    const answers = { ...state.answers, ...answersTo(state.asked, responses) };
    return { answers: JSON.stringify(answers), state: carried(state) };
  }
  return { answers: JSON.stringify(isRead(surface, target) ? unasked(responses) : {}) };
};
