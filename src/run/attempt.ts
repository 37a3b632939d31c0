/** Runs a bound function and turns whatever happens into an outcome. */
import { askedBy } from "../asking/asked";
import { isConvexError } from "../base/convexError";
import { isLongerThan } from "../base/text";
import { failed, MAX_RESULT, type Asked, type Ended } from "../data/outcome";
import { logInternalError } from "../wire/responses";

/** JSON has no int64 and no bytes: they become a decimal string and base64. */
const toJson = (_name: string, value: unknown): unknown => {
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

/** What an app says with `throw new ConvexError(…)` is meant for the caller; nothing else is. */
const businessFailure = (error: unknown): Ended | undefined => {
  if (!isConvexError(error)) return undefined;
  const data = error.data as unknown;
  if (typeof data === "string") return failed("failed", data);
  const { code, message, ZodError } = (data ?? {}) as Record<string, unknown>;
  // convex-helpers throws this for arguments that zod refuses.
  if (ZodError !== undefined) return undefined;
  return typeof message === "string"
    ? failed(typeof code === "string" ? code : "failed", message)
    : failed("failed", JSON.stringify(data, toJson));
};

/** What zod itself says: refinements have no form in the schema that `explain` checks against. */
const refinements = (error: unknown): string[] => {
  const data = isConvexError(error) ? (error.data as { ZodError?: unknown } | null) : null;
  const issues = (data?.ZodError ?? []) as { path: PropertyKey[]; message: string }[];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

/**
 * Runs a tool and turns whatever happens into an outcome.
 *
 * @param work - runs the bound function.
 * @param explain - called only after a failure: what is wrong with the arguments, a sentence each. Validation is Convex's
 * and zod's own; doing it first, here, would cost every good call what only a bad one needs.
 */
export const attempt = async (
  work: () => Promise<unknown>,
  explain: () => Promise<readonly string[]>,
): Promise<Ended | Asked> => {
  let value: unknown;
  try {
    value = await work();
  } catch (error) {
    const told = askedBy(error) ?? businessFailure(error);
    if (told !== undefined) return told;
    const explained = await explain().catch(() => []);
    const problems = explained.length > 0 ? explained : refinements(error);
    return problems.length > 0
      ? failed("invalid_arguments", problems.join("\n"))
      : failed("internal", logInternalError(error));
  }
  return succeeded(value);
};
