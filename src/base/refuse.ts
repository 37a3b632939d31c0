import { ConvexError } from "convex/values";

/**
 * An error that the caller may read.
 *
 * @param code - for programs.
 * @param message - for people and models.
 */
export const refusal = (
  code: string,
  message: string,
): ConvexError<{ code: string; message: string }> => new ConvexError({ code, message });

/**
 * Throws such an error.
 *
 * @throws ConvexError with `code` and `message`, always
 */
export const refuse = (code: string, message: string): never => {
  throw refusal(code, message);
};
