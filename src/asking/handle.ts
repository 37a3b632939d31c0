/** The handle with which a tool asks the client. Only tool modules import it, since it brings in zod. */
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

/** The user's reaction to a form or a URL. `content` fits the form's schema; the answer to a URL has none. */
export type Elicited =
  | { readonly action: "accept"; readonly content: Readonly<Record<string, unknown>> }
  | { readonly action: "decline" | "cancel" };

/** The answer of the client's model (MCP `CreateMessageResult`). */
export interface Sampled {
  readonly role: "user" | "assistant";
  readonly content: unknown;
  readonly model: string;
}

/** The directories that the client works in (MCP `ListRootsResult`). */
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

/** The handle for the `input` argument of a function. */
export interface Input {
  /** Whether the client can answer requests of this kind. */
  readonly can: (kind: InputKind) => boolean;
  /**
   * Returns the answers to `requests`, under the same keys. Several requests may go out together.
   *
   * While an answer is missing, it throws. A query or mutation then leaves no effect; an action keeps what it has done. Once the
   * client has answered, the function runs again from its start. So ask before you write, and ask the same each time: an answer
   * counts only for the exact request that was asked.
   *
   * @throws ConvexError `input_required`, which the gate turns into the client's `inputRequests`. Do not catch it. The gate also
   * refuses requests that the client cannot answer.
   */
  readonly ask: <Requests extends InputRequests>(
    requests: Requests,
  ) => Promise<{ readonly [Key in keyof Requests]: ResponseTo<Requests[Key]> }>;
}

/** Returns the answer to exactly this request, in the form that it asks for; undefined if there is no such answer. */
const answerOf = async (answers: Answers, key: string, request: InputRequest): Promise<unknown> => {
  const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
  if (answer === undefined) return undefined;
  const isMeant = answer.asked === undefined || answer.asked === (await digest(request));
  return isMeant ? readResponse(request, answer.response) : undefined;
};

/**
 * Makes the handle from the `input` argument that the server filled in.
 *
 * @see MCP 2026-07-28 basic/patterns/mrtr
 */
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
