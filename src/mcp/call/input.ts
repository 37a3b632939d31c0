/** Reads the answers of a client from the params of its call. */
import { answersTo, MAX_ANSWERS, type Answers } from "../../asking/answers";
import { openState, type RequestState } from "../../asking/requestState";
import { readPeppers } from "../../auth/pepper";
import { isLongerThan } from "../../base/text";
import type { Call, Fault, Target } from "../../data/call";
import { find } from "../../registry/entries";
import { JOB_TOOL } from "../../registry/jobTools";
import type { Registry } from "../../registry/registry";
import { invalidParams, isObject, type JsonRpcMessage, type Params } from "../../wire/jsonrpc";
import type { Era, Incoming } from "../exchange";
import { ANSWER_SECONDS } from "./patience";
import { staysOpen } from "./stream";

type Input = NonNullable<Call["input"]>;

/** Answers without a `requestState`. It is unknown what was asked, which is good enough for entries that only read. */
const unasked = (responses: Readonly<Record<string, unknown>>): Answers =>
  Object.fromEntries(Object.entries(responses).map(([key, response]) => [key, { response }]));

const isRead = ({ tools }: Registry, { kind, name }: Target): boolean =>
  kind !== "tool" || find(tools, name)?.kind === "query";

const carried = ({ nonce, boundTo, jobId }: RequestState) =>
  jobId === undefined ? { nonce, boundTo } : { nonce, boundTo, jobId };

/**
 * The members that a client returns with its answers. They are read for every call, so that the reply does not reveal whether an
 * entry asks.
 */
interface Returned {
  readonly responses: Params;
  readonly sealed: string | undefined;
}

/**
 * Reads the returned members.
 *
 * @throws RpcError -32602 that names the wrong member.
 */
const returnedIn = ({ params }: JsonRpcMessage): Returned => {
  const { inputResponses: responses = {}, requestState: sealed } = params;
  if (!isObject(responses)) throw invalidParams('"inputResponses" must be an object');
  if (sealed !== undefined && typeof sealed !== "string")
    throw invalidParams('"requestState" must be a string');
  return { responses, sealed };
};

/** All answers so far, as JSON text: those of earlier rounds, which the state holds, and the new ones. */
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
 * The answers and the opened state for the admission, or the fault in them. Whether the state belongs to this caller is not checked
 * here; the admission does that.
 */
const callInput = async (
  returned: Returned,
  target: Target,
  registry: Registry,
): Promise<Pick<Input, "answers" | "state"> | Fault> => {
  const { sealed } = returned;
  const state = sealed === undefined ? undefined : await openState(readPeppers(), sealed);
  if (sealed !== undefined && state === undefined) return { kind: "bad_state" };
  const answers = answersIn(returned, state, target, registry);
  if (isLongerThan(answers, MAX_ANSWERS)) return { kind: "answers_too_long" };
  return { answers, ...(state === undefined ? {} : { state: carried(state) }) };
};

const showsJob = ({ kind, name }: Target): boolean => kind === "tool" && name === JOB_TOOL;

/**
 * The part of the call that an entry with `input: true` needs. A call that may ask a 2025 client also needs a stream lease, because
 * it stays open while it waits; the one that shows a job has its own, if it waits.
 *
 * @throws RpcError -32602 for answers or a `requestState` of the wrong type.
 */
export const askingCall = async (
  message: JsonRpcMessage,
  incoming: Incoming,
  era: Era,
  target: Target,
  mayBeAsked: boolean,
): Promise<Partial<Call>> => {
  const { app } = incoming;
  const returned = returnedIn(message);
  if (!mayBeAsked) return {};
  const input = await callInput(returned, target, app);
  if ("kind" in input) return { fault: input };
  const can = await era.canAsk(message, incoming);
  return {
    input: { can: [...can], ...input },
    ...(era.asksOnStream && can.length > 0 && !showsJob(target)
      ? staysOpen("work", incoming, ANSWER_SECONDS)
      : {}),
    // A state is bound to the arguments of its call.
    ...(target.kind === "prompt"
      ? { arguments: JSON.stringify(message.params.arguments ?? {}) }
      : {}),
  };
};
