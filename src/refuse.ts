import { ConvexError } from "convex/values";

/** Refuses an operator's call: `code` for programs, `message` for people. */
export const refuse = (code: string, message: string): never => {
  throw new ConvexError({ code, message });
};
