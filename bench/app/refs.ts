import { makeFunctionReference, type FunctionReference } from "convex/server";

type Sum = { sum: number };

/** The function of sums.ts. */
export const addRef = makeFunctionReference<"query", { a: number; b: number }, Sum>(
  "sums:add",
) as unknown as FunctionReference<"query", "internal", { a: number; b: number }, Sum>;
