/**
 * The error by which an admission undoes itself, because its tool failed in a way that may leave an effect behind. The HTTP action
 * admits the call a second time to record and tell the failure.
 */
import { ConvexError } from "convex/values";
import { isConvexError } from "../base/convexError";
import type { Failure } from "./call";

const MARK = "toolgate_undone";

/** Makes the error. Thrown out of the admission, it takes back all that the admission wrote. */
export const undone = (failure: Failure): ConvexError<Failure & { mark: string }> =>
  new ConvexError({ ...failure, mark: MARK });

/** The data of the error. Older versions of convex-test (0.0.41, say) hand it on as JSON text. */
const dataOf = (data: unknown): unknown => {
  if (typeof data !== "string" || !data.includes(MARK)) return data;
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
