/** What a client has answered, read from the params of its call. */
import { answersTo, MAX_ANSWERS, type Answers } from "../../asking/answers";
import { openState, type RequestState } from "../../asking/requestState";
import type { Pepper } from "../../auth/pepper";
import { isLongerThan } from "../../base/text";
import type { Call, Fault, Target } from "../../data/call";
import { find } from "../../registry/entries";
import type { Entry, Registry } from "../../registry/registry";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era, Incoming } from "../exchange";

type Input = NonNullable<Call["input"]>;

/** Without a state nobody knows what was asked: that will do for what only reads. */
const unasked = (responses: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(Object.entries(responses).map(([key, response]) => [key, { response }]));

const isRead = ({ tools }: Registry, { kind, name }: Target): boolean =>
  kind !== "tool" || find(tools, name)?.kind === "query";

const carried = ({ nonce, boundTo, jobId }: RequestState) =>
  jobId === undefined ? { nonce, boundTo } : { nonce, boundTo, jobId };

/** What a client that comes back with its answers sends: for any call, so that none tells by it whether it asks. */
interface Returned {
  readonly responses: Params;
  readonly sealed: string | undefined;
}

/** @throws RpcError -32602 that names the member */
const returnedIn = ({ params }: JsonRpcMessage): Returned => {
  const { inputResponses: responses = {}, requestState: sealed } = params;
  if (!isObject(responses)) throw invalidParams('"inputResponses" must be an object');
  if (sealed !== undefined && typeof sealed !== "string")
    throw invalidParams('"requestState" must be a string');
  return { responses, sealed };
};

/** The answers so far: those of earlier rounds, which the state holds, and these. */
const answersIn = (
  { responses }: Returned,
  state: RequestState | undefined,
  target: Target,
  registry: Registry,
): string =>
  JSON.stringify(
    state !== undefined
      ? { ...state.answers, ...answersTo(state.asked, responses) }
      : isRead(registry, target)
        ? unasked(responses)
        : {},
  );

/**
 * What the admission must know of the answers, or what is wrong with them. To whom a state belongs is for the admission to decide.
 */
const callInput = async (
  returned: Returned,
  peppers: readonly Pepper[],
  target: Target,
  registry: Registry,
): Promise<Pick<Input, "answers" | "state"> | Fault> => {
  const { sealed } = returned;
  const state = sealed === undefined ? undefined : await openState(peppers, sealed);
  if (sealed !== undefined && state === undefined) return { kind: "bad_state" };
  const answers = answersIn(returned, state, target, registry);
  if (isLongerThan(answers, MAX_ANSWERS)) return { kind: "answers_too_long" };
  return { answers, ...(state === undefined ? {} : { state: carried(state) }) };
};

/** What a call to something that may ask says on top. One that may ask a 2025 client stays open while it waits. */
export const askingCall = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
  target: Target,
  named: Entry | undefined,
): Promise<Partial<Call>> => {
  const { app, peppers } = incoming;
  const returned = returnedIn(message);
  if (named?.input !== true) return {};
  const input = await callInput(returned, peppers, target, app);
  if ("kind" in input) return { fault: input };
  const can = await era.canAsk(message, incoming);
  return {
    input: { can: [...can], ...input },
    ...(era.asksOnStream && can.length > 0 ? { wantsStreamLease: true } : {}),
    // Its arguments are part of what a state is bound to.
    ...(target.kind === "prompt"
      ? { arguments: JSON.stringify(message.params.arguments ?? {}) }
      : {}),
  };
};
