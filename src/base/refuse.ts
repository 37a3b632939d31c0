import { ConvexError } from "convex/values";

/** A refusal that the caller may read: `code` for programs, `message` for people. */
export const refusal = (
  code: string,
  message: string,
): ConvexError<{ code: string; message: string }> => new ConvexError({ code, message });

/** Throws a refusal. */
export const refuse = (code: string, message: string): never => {
  throw refusal(code, message);
};
