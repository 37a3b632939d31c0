/** Answers to a tool's requests, on their way from the client to the tool. */
import { digest } from "../base/digest";
import type { InputRequests } from "./request";

/** One answer, and the digest of the request it answers. Without a digest it answers whatever is asked under its key. */
export interface Answer {
  readonly asked?: string;
  /** As the client sent it: not checked. */
  readonly response: unknown;
}

/** Key → answer. */
export type Answers = Readonly<Record<string, Answer>>;

/** The most that answers to one call may come to, in bytes of JSON: they are carried in a state, or wait in a row. */
export const MAX_ANSWERS = 256 * 1024;

/** Key → digest of the request. */
export const digestsOf = async (requests: InputRequests): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(requests).map(async ([key, one]) => [key, await digest(one)] as const),
    ),
  );

/** Those of a client's responses that answer what was asked. Others are ignored, as MCP wants. */
export const answersTo = (
  asked: Readonly<Record<string, string>>,
  responses: Readonly<Record<string, unknown>>,
): Answers =>
  Object.fromEntries(
    Object.entries(asked)
      .filter(([key]) => Object.hasOwn(responses, key))
      .map(([key, request]) => [key, { asked: request, response: responses[key] }]),
  );
