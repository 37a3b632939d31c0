/**
 * ConvexError, known by the mark that Convex's own code looks for. `instanceof` fails where a workspace holds two copies of `convex`.
 *
 * @see get-convex/convex-backend, npm-packages/convex/src/values/errors.ts
 */
import type { ConvexError, Value } from "convex/values";

const MARK = Symbol.for("ConvexError");

export const isConvexError = (error: unknown): error is ConvexError<Value> =>
  typeof error === "object" && error !== null && MARK in error;
