/** Recognises a ConvexError by the mark that Convex's own code looks for. `instanceof` fails in a workspace with two copies of `convex`. */
import type { ConvexError, Value } from "convex/values";

const MARK = Symbol.for("ConvexError");

/** Whether an app or the library has thrown this error as a ConvexError, from any copy of `convex`. */
export const isConvexError = (error: unknown): error is ConvexError<Value> =>
  typeof error === "object" && error !== null && MARK in error;
