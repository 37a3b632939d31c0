/** The client's answers to a tool's requests, on their way to the tool. */
import { digest } from "../base/digest";
import { asAsked, type OpenRequest, type OpenRequests } from "./misfit";

/** A question that waits for its answer. */
export interface Question {
  /** The digest of the request, as the tool asked it. */
  readonly asked: string;
  /** How many answers have not fitted, if any. */
  readonly misfits?: number;
}

/** One answer, with the question that it answers. Without a digest it answers any request under its key. */
export interface Answer extends Partial<Question> {
  /** As the client sent it. Not checked here: `readResponse` does that. */
  readonly response: unknown;
  /** Of a job: how often its key was answered, this time included. */
  readonly times?: number;
}

/** Key of the request → answer. */
export type Answers = Readonly<Record<string, Answer>>;

/** The limit on all answers to one call, in bytes of JSON. A `requestState` carries them, or they wait in the row of a job. */
export const MAX_ANSWERS = 256 * 1024;

const questionOf = async (request: OpenRequest): Promise<Question> => {
  const asked = await digest(asAsked(request));
  return request.misfit === undefined ? { asked } : { asked, misfits: request.misfit.count };
};

/** Returns the question of each request under the request's key. */
export const questionsOf = async (requests: OpenRequests): Promise<Record<string, Question>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(requests).map(async ([key, one]) => [key, await questionOf(one)] as const),
    ),
  );

/**
 * Picks the responses that answer an open request. The others are ignored, as MCP demands.
 *
 * @param questions - under the keys of their requests.
 * @param responses - key → response, as the client sent it. Not checked.
 */
export const answersTo = (
  questions: Readonly<Record<string, Question>>,
  responses: Readonly<Record<string, unknown>>,
): Answers =>
  Object.fromEntries(
    Object.entries(questions)
      .filter(([key]) => Object.hasOwn(responses, key))
      .map(([key, question]) => [key, { ...question, response: responses[key] }]),
  );

/**
 * Picks the answers that were given to these very questions. What comes with an earlier `requestState`, or once more, may answer an
 * earlier question under the same key.
 */
export const givenTo = (questions: Readonly<Record<string, Question>>, answers: Answers): Answers =>
  Object.fromEntries(
    Object.entries(answers).filter(([key, { asked, misfits }]) => {
      const question = Object.hasOwn(questions, key) ? questions[key] : undefined;
      return question !== undefined && question.asked === asked && question.misfits === misfits;
    }),
  );
