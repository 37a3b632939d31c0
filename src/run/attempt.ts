/** Runs a bound function and turns its result or error into an outcome. */
import { askedBy } from "../asking/asked";
import { argumentIssuesIn, lineOf } from "../base/argumentIssues";
import { isConvexError } from "../base/convexError";
import { isLongerThan } from "../base/text";
import { failed, MAX_RESULT, type Asked, type Ended } from "../data/outcome";
import type { ErrorMapper } from "../registry/toolgate";
import { logError, logInternalError } from "../wire/responses";
import type { Args } from "./arguments";
import { UNEXPLAINED, type Explained } from "./explain";
import { failureOf } from "./thrown";

/**
 * JSON has no form for int64 and bytes. They become a decimal string and base64.
 *
 * @throws Error for NaN and Infinity. JSON would say null, which no schema of a number allows.
 */
const toJson = (_name: string, value: unknown): unknown => {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Error(`A result holds ${String(value)}, which has no form in JSON`);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof ArrayBuffer) {
    return btoa(Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join(""));
  }
  return value;
};

const succeeded = (value: unknown): Ended => {
  const result = JSON.stringify(value ?? null, toJson);
  return { state: "succeeded", result: isLongerThan(result, MAX_RESULT) ? null : result };
};

/** The same for the data of an error, which is told as a text: there a number without a form in JSON has its name. */
const toErrorText = (name: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : toJson(name, value);

/** Reads the failure from an app's ConvexError, which is meant for the caller. Returns undefined for any other error. */
const businessFailure = (error: unknown): Ended | undefined => {
  if (!isConvexError(error)) return undefined;
  const data = error.data as unknown;
  if (typeof data === "string") return failed("failed", data);
  // Arguments that the function refuses are explained like those that Convex refuses.
  if (argumentIssuesIn(error).length > 0) return undefined;
  const { code, message } = (data ?? {}) as Record<string, unknown>;
  return typeof message === "string"
    ? failed(typeof code === "string" ? code : "failed", message)
    : failed("failed", JSON.stringify(data, toErrorText));
};

/** Returns the function's own messages. A check that no schema can say is not for `explain` to find. */
const ownProblems = (error: unknown, isOurs: (name: PropertyKey) => boolean = () => false) =>
  argumentIssuesIn(error)
    .filter(({ path: [first = ""] }) => !isOurs(first))
    .map(lineOf);

/**
 * The beginnings of the errors for a value that a function's `returns` refuses: Convex's own, and that of convex-test. Convex reports
 * it after it has committed the nested mutation.
 *
 * @see get-convex/convex-backend 94a42c3: crates/model/src/modules/function_validators.rs:162 (the text),
 * crates/isolate/src/environment/udf/async_syscall.rs:560 (the commit) and 616 (the check)
 */
const REFUSED_RESULT = /^(?:ReturnsValidationError: |Return value validation failed for )/;

/** The failure for a result that cannot be told. What the function did is not undone by it. */
const invalidResult = (error: unknown): Ended =>
  failed("invalid_result", logError(error, "The result does not match its own definition."));

/**
 * The beginnings of the errors for arguments that a function's `args` refuses: Convex's own, and that of convex-test.
 *
 * @see get-convex/convex-backend 94a42c3: crates/udf/src/validation.rs:717
 */
const REFUSED_ARGUMENTS = /^(?:ArgumentValidationError: |Validator error: )/;

/** Whether the function has not begun because of its arguments. */
const hasRefusedArguments = (error: unknown): boolean =>
  ownProblems(error).length > 0 ||
  (error instanceof Error && REFUSED_ARGUMENTS.test(error.message));

/** The outcome of an error that says by itself what has happened. */
const toldBy = (error: unknown): Ended | Asked | undefined => {
  const told = askedBy(error) ?? businessFailure(error);
  if (told !== undefined) return told;
  const isResult = error instanceof Error && REFUSED_RESULT.test(error.message);
  return isResult ? invalidResult(error) : undefined;
};

/** Who has a word in what is told of an error. */
interface Told {
  /** The app's word for errors that are no ConvexError. */
  readonly errors?: ErrorMapper | undefined;
  /** The names of the arguments that the caller's key fixes. No text speaks of them. */
  readonly fixed?: readonly string[];
}

/** The operator's fault and not the client's, so it names neither argument nor value. The log names the argument. */
export const misfit = (fixed: readonly string[]): Ended => {
  console.warn(`toolgate: a tool refuses what a key fixes, one of: ${fixed.join(", ")}`);
  return failed(
    "misconfigured_key",
    "The operator of this server has set this tool up for your key in a way that it does not take. Nothing was done, and other arguments do not help: tell the operator.",
  );
};

const failure = (
  error: unknown,
  { problems, unfit }: Explained,
  { errors, fixed = [] }: Told,
): Ended => {
  const isRefused = hasRefusedArguments(error);
  if (isRefused && unfit !== undefined) return misfit(fixed);
  const told = ownProblems(error, (name) => fixed.includes(String(name)));
  const all = problems.length > 0 ? problems : told;
  if (all.length > 0) return failed("invalid_arguments", all.join("\n"));
  if (isRefused && ownProblems(error).length > 0) return misfit(fixed);
  return failureOf(errors, error) ?? failed("internal", logInternalError(error));
};

/**
 * Runs a bound function and turns its result or error into an outcome. If the function refuses its arguments and they can be mended,
 * it runs a second time.
 *
 * A result that does not match the function's own definition, or has no form in JSON, becomes `invalid_result`. An error that is
 * neither a ConvexError nor explained by the arguments, nor by the app, becomes `internal`, and only the log shows it.
 *
 * @param work - runs the bound function: with the arguments as they were sent, or with those that it gets.
 * @param explain - tells what is wrong with the arguments. It is called only after a failure: functions validate on their own, and
 * a check before them would cost every good call.
 * @param by - who has a word in what is told.
 * @returns the result as JSON text, null if it is longer than `MAX_RESULT`; or the failure; or the requests that the function asks.
 */
export const attempt = async (
  work: (mended?: Args) => Promise<unknown>,
  explain: () => Promise<Explained>,
  by: Told = {},
): Promise<Ended | Asked> => {
  let value: unknown;
  try {
    value = await work();
  } catch (error) {
    const told = toldBy(error);
    if (told !== undefined) return told;
    const explained = await explain().catch(() => UNEXPLAINED);
    const { mended } = explained;
    // A function that has begun must not begin again.
    if (mended === undefined || !hasRefusedArguments(error)) return failure(error, explained, by);
    const args = JSON.parse(mended) as Args;
    return attempt(
      () => work(args),
      () => Promise.resolve(UNEXPLAINED),
      by,
    );
  }
  try {
    return succeeded(value);
  } catch (error) {
    return invalidResult(error);
  }
};
