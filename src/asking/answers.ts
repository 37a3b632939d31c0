/** The client's answers to a tool's requests, on their way to the tool. */
import { digest } from "../base/digest";
import type { InputRequests } from "./request";

/** One answer, with the digest of the request that it answers. Without a digest it answers any request under its key. */
export interface Answer {
  readonly asked?: string;
  /** As the client sent it. Not checked here: `readResponse` does that. */
  readonly response: unknown;
}

/** Key of the request → answer. */
export type Answers = Readonly<Record<string, Answer>>;

/** The limit on all answers to one call, in bytes of JSON. A `requestState` carries them, or they wait in the row of a job. */
export const MAX_ANSWERS = 256 * 1024;

/** Returns the digest of each request under the request's key. */
export const digestsOf = async (requests: InputRequests): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(requests).map(async ([key, one]) => [key, await digest(one)] as const),
    ),
  );

/**
 * Picks the responses that answer an open request. The others are ignored, as MCP demands.
 *
 * @param asked - key → digest of the request.
 * @param responses - key → response, as the client sent it. Not checked.
 */
export const answersTo = (
  asked: Readonly<Record<string, string>>,
  responses: Readonly<Record<string, unknown>>,
): Answers =>
  Object.fromEntries(
    Object.entries(asked)
      .filter(([key]) => Object.hasOwn(responses, key))
      .map(([key, request]) => [key, { asked: request, response: responses[key] }]),
  );
