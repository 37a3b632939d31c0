/** What a tool holds to ask on the client's side. For tool modules alone: it brings in zod. */
import { ConvexError } from "convex/values";
import { digest } from "../base/digest";
import type { InputArgument } from "../data/arguments";
import type { Answers } from "./answers";
import { INPUT_REQUIRED } from "./asked";
import { readResponse } from "./readResponse";
import type {
  Elicitation,
  InputKind,
  InputRequest,
  InputRequests,
  Roots,
  Sampling,
} from "./request";

/** What the user did with a form; `content` fits its schema. */
export type Elicited =
  | { readonly action: "accept"; readonly content: Readonly<Record<string, unknown>> }
  | { readonly action: "decline" | "cancel" };

/** What the model said (MCP `CreateMessageResult`). */
export interface Sampled {
  readonly role: "user" | "assistant";
  readonly content: unknown;
  readonly model: string;
}

export interface ListedRoots {
  readonly roots: readonly { readonly uri: string; readonly name?: string }[];
}

type ResponseTo<Request extends InputRequest> = Request extends Elicitation
  ? Elicited
  : Request extends Sampling
    ? Sampled
    : Request extends Roots
      ? ListedRoots
      : never;

export interface Input {
  /** Whether the client can be asked for this. */
  readonly can: (kind: InputKind) => boolean;
  /**
   * The answers to `requests`, which may be asked together. While one is missing it throws, and what the function did so far is
   * undone; once the client has answered, the function runs again from its start. So ask before you write, and the same again
   * each time: an answer counts only for the very request that was asked.
   *
   * @throws ConvexError that the gate turns into the client's `inputRequests`: let it pass. Requests that the client cannot
   * answer are refused there.
   */
  readonly ask: <Requests extends InputRequests>(
    requests: Requests,
  ) => Promise<{ readonly [Key in keyof Requests]: ResponseTo<Requests[Key]> }>;
}

/** The answer to this very request, in the form it asks for; undefined if there is none. */
const answerOf = async (answers: Answers, key: string, request: InputRequest): Promise<unknown> => {
  const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
  if (answer === undefined) return undefined;
  const isMeant = answer.asked === undefined || answer.asked === (await digest(request));
  return isMeant ? readResponse(request, answer.response) : undefined;
};

/** The handle for the `input` argument of a function. */
export const inputHandle = ({ can, answers: text }: InputArgument): Input => {
  const answers = JSON.parse(text) as Answers;
  return {
    can: (kind) => can.includes(kind),
    ask: async (requests) => {
      const given: Record<string, unknown> = {};
      const missing: Record<string, InputRequest> = {};
      for (const [key, request] of Object.entries(requests)) {
        const answer = await answerOf(answers, key, request);
        if (answer === undefined) missing[key] = request;
        else given[key] = answer;
      }
      if (Object.keys(missing).length === 0) return given as never;
      throw new ConvexError({ code: INPUT_REQUIRED, requests: JSON.stringify(missing) });
    },
  };
};
