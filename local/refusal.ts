/** Tells refused calls of functions from failed ones. */
import { ConvexError, convexToJson, type Value } from "convex/values";
import { Refusal } from "../cli/serve/refusal";

const isText = (value: Value | undefined): value is string => typeof value === "string";

/** A ConvexError should carry `{code, message}`, but an app may throw one with other data. */
const ofConvexError = ({ data }: ConvexError<Value>): Refusal => {
  const { code, message } = (data ?? {}) as Partial<Record<string, Value>>;
  return isText(code) && isText(message)
    ? new Refusal(code, message)
    : new Refusal("refused", JSON.stringify(convexToJson(data)));
};

/** Turns an error of the app into a Refusal. Returns the error itself if it is a fault. */
export const refusalOf = (error: unknown): unknown => {
  if (error instanceof ConvexError) return ofConvexError(error as ConvexError<Value>);
  // It comes through convex-test as a plain Error, so only the message tells.
  const isInvalid = error instanceof Error && error.message.startsWith("ArgumentValidationError");
  return isInvalid ? new Refusal("invalid_arguments", error.message) : error;
};
