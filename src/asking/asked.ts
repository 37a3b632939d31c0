/** A run that stopped to ask. */
import { isConvexError } from "../base/convexError";
import type { Asked } from "../data/outcome";
import { kindOf, type InputKind, type InputRequests } from "./request";

/** The code of the error by which a function stops to ask. */
export const INPUT_REQUIRED = "input_required";

/** What a function asked for by throwing; undefined for any other error. */
export const askedBy = (error: unknown): Asked | undefined => {
  if (!isConvexError(error)) return undefined;
  const { code, requests } = (error.data ?? {}) as Record<string, unknown>;
  return code === INPUT_REQUIRED && typeof requests === "string"
    ? { state: "asked", requests }
    : undefined;
};

export const requestsOf = ({ requests }: Asked): InputRequests =>
  JSON.parse(requests) as InputRequests;

/** The kinds of requests that the client has not said it can answer. */
export const missingKinds = (asked: Asked, can: readonly string[]): InputKind[] => {
  const kinds = Object.values(requestsOf(asked)).map(kindOf);
  return [...new Set(kinds)].filter((kind) => !can.includes(kind));
};
