import { ConvexError } from "convex/values";

/**
 * Refuses a call for a reason that the caller may know.
 *
 * @param code - for programs.
 * @param message - for the model that reads it.
 * @throws ConvexError with both, always.
 */
export const fail = (code: string, message: string): never => {
  throw new ConvexError({ code, message });
};
