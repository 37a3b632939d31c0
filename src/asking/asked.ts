/** The outcome of a function that stopped to ask the client. */
import { isConvexError } from "../base/convexError";
import type { Asked } from "../data/outcome";
import type { OpenRequests } from "./misfit";
import { kindOf, type InputKind } from "./request";

/** The code of the ConvexError that a function throws to ask. */
export const INPUT_REQUIRED = "input_required";

/** Reads the requests from an error that a function threw to ask. Returns undefined for any other error. */
export const askedBy = (error: unknown): Asked | undefined => {
  if (!isConvexError(error)) return undefined;
  const { code, requests } = (error.data ?? {}) as Record<string, unknown>;
  return code === INPUT_REQUIRED && typeof requests === "string"
    ? { state: "asked", requests }
    : undefined;
};

/** Parses the requests. They come from `askedBy`, so their shape is not checked. */
export const requestsOf = ({ requests }: Asked): OpenRequests =>
  JSON.parse(requests) as OpenRequests;

/**
 * Returns the kinds of requests that the client has not said it can answer, each once.
 *
 * @param can - the kinds that the client can answer.
 */
export const missingKinds = (asked: Asked, can: readonly string[]): InputKind[] => {
  const kinds = Object.values(requestsOf(asked)).map(kindOf);
  return [...new Set(kinds)].filter((kind) => !can.includes(kind));
};
