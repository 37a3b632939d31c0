/** The handle with which a tool asks the client. */
import { ConvexError } from "convex/values";
import { digest } from "../base/digest";
import { refusal } from "../base/refuse";
import type { InputArgument } from "../data/arguments";
import type { Answers } from "./answers";
import { INPUT_REQUIRED } from "./asked";
import { requireForm } from "./form";
import { MAX_MISFITS, type Misfit, type OpenRequest } from "./misfit";
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
   * An answer that does not fit its request is asked for again, and the client is told what was wrong.
   *
   * @throws ConvexError `input_required`, which the gate turns into the client's `inputRequests`. Do not catch it. The gate also
   * refuses requests that the client cannot answer. `not_answered` once three answers to a request have not fitted. Error that names
   * the field if a form holds one that MCP does not know, or a keyword for which no answer is checked.
   */
  readonly ask: <Requests extends InputRequests>(
    requests: Requests,
  ) => Promise<{ readonly [Key in keyof Requests]: ResponseTo<Requests[Key]> }>;
}

const tooManyMisfits = ({ problem, count }: Misfit) =>
  refusal(
    "not_answered",
    `The client's answers did not fit what was asked, ${String(count)} times. The last one: ${problem}`,
  );

/**
 * Returns the answer to exactly this request, in the form that it asks for; otherwise the request to send, which tells of an answer
 * that does not fit.
 *
 * @throws ConvexError `not_answered` once MAX_MISFITS answers have not fitted.
 */
const answerOf = async (
  answers: Answers,
  key: string,
  request: InputRequest,
): Promise<{ value: unknown } | { open: OpenRequest }> => {
  const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
  if (answer === undefined) return { open: request };
  const isMeant = answer.asked === undefined || answer.asked === (await digest(request));
  if (!isMeant) return { open: request };
  const read = readResponse(request, answer.response);
  if ("value" in read) return read;
  const misfit = { problem: read.problem, count: (answer.misfits ?? 0) + 1 };
  if (misfit.count >= MAX_MISFITS) throw tooManyMisfits(misfit);
  return { open: { ...request, misfit } };
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
      const missing: Record<string, OpenRequest> = {};
      for (const [key, request] of Object.entries(requests)) {
        requireForm(request);
        const answer = await answerOf(answers, key, request);
        if ("open" in answer) missing[key] = answer.open;
        else given[key] = answer.value;
      }
      if (Object.keys(missing).length === 0) return given as never;
      throw new ConvexError({ code: INPUT_REQUIRED, requests: JSON.stringify(missing) });
    },
  };
};
