/** What an app wants told of an error that it threw without a ConvexError. */
import type { Failure } from "../data/call";
import { failed, type Ended } from "../data/outcome";
import type { ErrorMapper } from "../registry/toolgate";
import { logInternalError } from "../wire/responses";

/** Convex writes the frames of each function that the error went through after the message. */
const FRAMES = /\n {4}at [^]*$/;

/** The beginning that each function adds which the error leaves. An error without a name has none there. */
const UNCAUGHT = /^Uncaught (?:([\w$]*Error|[A-Z][\w$]*): )?/;

/**
 * The error as the function threw it: its name and message. On Convex the caller of a function gets one whose message is
 * `Uncaught Error: the message`, with the frames below it, and so once more for each `ctx.run*` between. convex-test gives the message
 * alone, and no name.
 *
 * @see get-convex/convex-backend 94a42c3: crates/isolate/src/helpers.rs:210 (name and message), crates/common/src/errors.rs:805
 * (frames), crates/isolate/src/environment/helpers/promise.rs:80 (a new Error of that text)
 */
export const asThrown = ({ name: outer, message: text }: Error): Error => {
  let message = text.replace(FRAMES, "").trimEnd();
  let name = outer;
  for (let found = UNCAUGHT.exec(message); found !== null; found = UNCAUGHT.exec(message)) {
    name = found[1] ?? "Error";
    message = message.slice(found[0].length);
  }
  return Object.assign(new Error(message), { name, stack: "" });
};

/** Convex's own words for arguments and results that do not fit. They quote values, and no app means them for its callers. */
const VALIDATION = /^(?:Argument|Returns)ValidationError: |^Validator error: /;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/**
 * Asks the app for the failure that an error stands for.
 *
 * @returns undefined if the app has no word for it, or none that can be told. An error of the mapper itself is logged.
 */
export const failureOf = (errors: ErrorMapper | undefined, error: unknown): Ended | undefined => {
  if (errors === undefined || !(error instanceof Error)) return undefined;
  const thrown = asThrown(error);
  if (VALIDATION.test(thrown.message)) return undefined;
  try {
    const { code, message } = (errors(thrown) ?? {}) as { [Name in keyof Failure]?: unknown };
    return isText(code) && isText(message) ? failed(code, message) : undefined;
  } catch (cause) {
    logInternalError(cause);
    return undefined;
  }
};
