import { ConvexError } from "convex/values";

/** Refuses a call for a reason the caller may know: `code` for programs, `message` for the model that reads it. */
export const fail = (code: string, message: string): never => {
  throw new ConvexError({ code, message });
};
