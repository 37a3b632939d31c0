/** Calls of functions that were refused, apart from those that failed. */
import { ConvexError, convexToJson, type Value } from "convex/values";

/** A call of a function that the app, or the lack of the function, refused: no fault of the server. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const isText = (value: Value | undefined): value is string => typeof value === "string";

/** A ConvexError should carry `{code, message}`; an app may throw others. */
const ofConvexError = ({ data }: ConvexError<Value>): Refusal => {
  const { code, message } = (data ?? {}) as Partial<Record<string, Value>>;
  return isText(code) && isText(message)
    ? new Refusal(code, message)
    : new Refusal("refused", JSON.stringify(convexToJson(data)));
};

/** What an error of the app means: a Refusal, or the error itself if it is a fault. */
export const refusalOf = (error: unknown): unknown => {
  if (error instanceof ConvexError) return ofConvexError(error as ConvexError<Value>);
  // The only way to tell: convex-test checks arguments by throwing plain errors.
  const isInvalid = error instanceof Error && error.message.startsWith("Validator error");
  return isInvalid ? new Refusal("invalid_arguments", error.message) : error;
};
