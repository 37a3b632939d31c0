/**
 * The error by which an admission undoes itself, because its tool failed in a way that may leave an effect behind. The HTTP action
 * admits the call a second time to record and tell the failure.
 */
import { ConvexError } from "convex/values";
import { isConvexError } from "../base/convexError";
import type { Failure } from "./call";
import type { Asked, Ended } from "./outcome";

const MARK = "toolgate_undone";

/** Makes the error. Thrown out of the admission, it takes back all that the admission wrote. */
export const undone = (failure: Failure): ConvexError<Failure & { mark: string }> =>
  new ConvexError({ ...failure, mark: MARK });

/** Marks the error by which a sub-transaction undoes itself and tells the outcome all the same. */
const TOLD = "toolgate_told";

/** The data of the error. Older versions of convex-test (0.0.41, say) hand it on as JSON text. */
const dataOf = (data: unknown, mark = MARK): unknown => {
  if (typeof data !== "string" || !data.includes(mark)) return data;
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
};

/** Returns the failure for which an admission undid itself; undefined for any other error. */
export const undoneBy = (error: unknown): Failure | undefined => {
  if (!isConvexError(error)) return undefined;
  const { mark, code, message } = (dataOf(error.data) ?? {}) as Failure & { mark?: string };
  return mark === MARK ? { code, message } : undefined;
};

/** Makes the error that tells an outcome out of a sub-transaction of which nothing stays. */
export const told = (outcome: Ended | Asked): ConvexError<{ mark: string; outcome: string }> =>
  new ConvexError({ mark: TOLD, outcome: JSON.stringify(outcome) });

/**
 * Returns the outcome that a sub-transaction tells by its error.
 *
 * @throws any other error
 */
export const toldBy = (error: unknown): Ended | Asked => {
  const { mark, outcome } = (isConvexError(error) ? (dataOf(error.data, TOLD) ?? {}) : {}) as {
    mark?: string;
    outcome?: string;
  };
  if (mark !== TOLD || outcome === undefined) throw error;
  return JSON.parse(outcome) as Ended | Asked;
};
